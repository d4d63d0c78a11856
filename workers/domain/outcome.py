"""What people did with findings: who said so, by which sign, and what can be learned of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workers.domain.adjudication import Fate
from workers.domain.finding import Aspect

REASON_MAX_CHARS = 300


class How(StrEnum):
    """The sign: a command, a reaction, a suggestion that was taken, a thread that was resolved, or a later round."""

    COMMAND = "command"
    REACTION = "reaction"
    SUGGESTION = "suggestion"
    THREAD = "thread"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one finding. `actor` did it; where the code alone says so, it is the pull request's author.

    `weighs`: the actor may write to the repository, so something is learned of it. `at` in epoch seconds: when it was
    said. `reason` is the last that people wrote in the finding's thread.
    """

    fingerprint: str
    fate: Fate
    how: How
    at: float
    actor_id: int = 0
    actor: str = ""
    reason: str = ""
    weighs: bool = False

    @property
    def right(self) -> bool | None:
        """Whether the finding was right, as people see it; None: nobody can tell."""
        return rightness(self.fate)


def rightness(fate: Fate) -> bool | None:
    """What a fate says of the finding; None: nothing."""
    if fate in (Fate.FIXED, Fate.ACCEPTED):
        return True
    return False if fate.settled else None


def declined_by(actor: str, reason: str) -> str:
    """Who said no, and why, in a few words: what is said instead of the finding."""
    return f'by {actor} ("{reason}")' if reason else f"by {actor}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who gave a sign: `decides` may use the command that drops findings, `writes` may write to the repository."""

    id: int
    login: str
    decides: bool = False
    writes: bool = False
    author: bool = False

    @property
    def called(self) -> str:
        """How a summary calls them."""
        return "the author" if self.author else self.login


@dataclass(frozen=True, slots=True)
class Vote:
    """A 👍 (`up`) or 👎 of somebody at a comment of ours; `at` in epoch seconds."""

    person_id: int
    login: str
    up: bool
    at: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who resolved a thread, and when (epoch seconds)."""

    person_id: int
    login: str
    at: float


@dataclass(frozen=True, slots=True)
class Heard:
    """All that people said at the comment of one finding; `words` are the last that one of them wrote there."""

    fingerprint: str
    comment_id: int
    suggestion: str | None = None
    votes: tuple[Vote, ...] = ()
    words: str = ""
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """How often people of one repository found findings of a rule right or wrong, each person's share by itself."""

    aspect: Aspect
    rule: str
    actor_id: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement of the past, its `text`, and what people made of it; `speakers` are the models that stated it."""

    speakers: tuple[str, ...]
    aspect: str
    severity: str
    rule: str
    text: str
    fate: Fate
    how: How
