"""A question about a change, where it was asked, and its answer with the code that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.usage import Call


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said in a thread; `ours`: we did."""

    author: str
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """The thread of a question: its place at the head (`line` None: of the file, or gone) and what was said before."""

    path: str
    line: int | None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know; `thread` None: it was asked in the conversation, or on the command line."""

    text: str
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Code that an answer rests on: head lines `start_line..line` of `path`, as they stand there.

    `line` None: the head says it in several places, or (`removed`) the change takes it away.
    """

    path: str
    quote: str
    why: str
    line: int | None = None
    start_line: int | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer. `dropped` counts quotes that stand nowhere; `notice` says what no model was shown."""

    text: str
    evidence: tuple[Evidence, ...]
    confident: bool
    dropped: int
    model: str
    notice: str = ""
    calls: tuple[Call, ...] = ()

    @property
    def quality(self) -> float | None:
        """The share of what it claims to rest on that stands at one place, or that the change takes away; 0 to 1.

        None where it claims nothing.
        """
        claimed = len(self.evidence) + self.dropped
        found = sum(one.line is not None or one.removed for one in self.evidence)
        return found / claimed if claimed else None

    @property
    def validated(self) -> bool | None:
        """Whether all of that was found, None where it claims nothing."""
        return None if self.quality is None else self.quality == 1.0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is none: `kind` is that of a ModelError, `why` a sentence of ours."""

    kind: str
    why: str
    calls: tuple[Call, ...] = ()
    quality: float | None = None
    validated: bool | None = None
