"""What a check found, and the row that a check is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.cli.doctoring.patient import Patient

CHECK_TIMEOUT_S = 15.0


class Grade(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`said`: what is wrong and how to mend it, or what is well; never a secret."""

    grade: Grade
    said: str


def well(said: str) -> Verdict:
    """Nothing to do."""
    return Verdict(Grade.OK, said)


def doubtful(said: str) -> Verdict:
    """It works, and somebody should look at it."""
    return Verdict(Grade.WARNING, said)


def failed(said: str) -> Verdict:
    """Quorum can't work like this, or not safely."""
    return Verdict(Grade.FAILED, said)


@dataclass(frozen=True, slots=True)
class Check:
    """One row. It is looked at once none of `after` failed; `asks` says that it asks GitHub or a model."""

    name: str
    look: Callable[[Patient], Awaitable[Verdict]]
    after: tuple[str, ...] = ()
    asks: bool = False
    timeout_s: float = CHECK_TIMEOUT_S
