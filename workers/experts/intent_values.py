"""What a change seems to be for, as a model guesses. It adds attention and takes none away."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.finding import Aspect
from workers.domain.task import DRY_RUN
from workers.domain.usage import Call

QUIET = frozenset({DRY_RUN, "budget", "no model"})
"""Failures that the review itself tells of."""


@dataclass(frozen=True, slots=True)
class LookAt:
    """A changed file, and what could go wrong there."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class Intent:
    """A model's guess, bounded and on one line each; no text of it is to be trusted.

    `most` are the sides that it holds to matter most, first ones first, `least` those where it sees nothing; security
    is never among these. `taken_out` is a sentence about what was removed before the model read the texts, or "".
    """

    purpose: str = ""
    look_at: tuple[LookAt, ...] = ()
    most: tuple[Aspect, ...] = ()
    least: tuple[Aspect, ...] = ()
    model: str = ""
    calls: tuple[Call, ...] = ()
    taken_out: str = ""

    def told(self) -> str:
        """Its texts for those who come after; "" when it says nothing."""
        places = [f"- {one.path}: {one.what}" for one in self.look_at]
        return "\n".join(filter(None, (self.purpose, *places)))


@dataclass(frozen=True, slots=True)
class NoIntent:
    """Why there is no guess: ModelError's kind and sentence; `calls` were made all the same."""

    kind: str
    message: str
    calls: tuple[Call, ...] = ()

    def notice(self) -> str:
        """A sentence for the review; "" where it has no news."""
        if self.kind in QUIET:
            return ""
        return f"No model told what the change is for ({self.kind}): it was looked at from all sides alike."
