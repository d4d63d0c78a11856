"""What the worker and its jailed child say to each other: JSON, one line each."""

from __future__ import annotations

from dataclasses import dataclass, field

from workers.analysis.structure.model import Module
from workers.analysis.symbols import Symbol


@dataclass(frozen=True, slots=True)
class Given:
    """A file as a jailed tool sees it. `name` is a safe name; `touched` are line numbers from 1."""

    name: str
    language: str
    touched: frozenset[int]
    text: str = field(default="", repr=False)

    def touches(self, start: int, end: int) -> bool:
        """Whether any line of `start..end` is touched."""
        return any(start <= line <= end for line in self.touched)


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation inside the jail, about `line..end_line`."""

    rule: str
    line: int
    end_line: int
    message: str
    severity: str | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one tool says of one file. `partial` says what of it could not be parsed."""

    seen: tuple[Seen, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    partial: str = ""
    structure: Module | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One tool on one file."""

    tool: str
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """The child's whole task: what is known of each file, and the jobs in order."""

    files: tuple[Given, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the child: a job that begins (`answer` is None) or that is done."""

    job: Job
    answer: Answer | None = None
    seconds: float = 0.0
