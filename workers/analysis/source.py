"""What analysers read and what they say, before any expert judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.analysis.languages import Language, language_of
from workers.analysis.structure.changes import Offered
from workers.analysis.symbols import Symbol
from workers.domain.change import Change
from workers.domain.review import ToolRun


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One readable file of the change; `touched` are the numbers of its added lines, from 1.

    `before` is the text before the change, where what the module offered then matters; None elsewhere.
    """

    path: str
    text: str = field(repr=False)
    language: Language | None
    touched: frozenset[int]
    before: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Observation:
    """One statement of one tool about lines `line..end_line` of a file. `severity` is the tool's own word, if any.

    `symbol` is the function it speaks of.
    """

    tool: str
    rule: str
    path: str
    line: int
    end_line: int
    message: str
    severity: str | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that a tool did not read, wholly or in part; shown in the coverage ledger."""

    path: str
    tool: str
    why: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the tools said about a change. `symbols` holds the definitions of each parsed file, by path; `offered`
    the interface before and after of each file that has a `before`."""

    observations: tuple[Observation, ...] = ()
    runs: tuple[ToolRun, ...] = ()
    unread: tuple[Unread, ...] = ()
    symbols: Mapping[str, tuple[Symbol, ...]] = field(default_factory=dict)
    offered: Mapping[str, Offered] = field(default_factory=dict)


def sources(change: Change) -> tuple[SourceFile, ...]:
    """The readable changed files: not omitted, with a text."""
    return tuple(
        SourceFile(file.path, file.text, language_of(file.path, file.text), file.added_lines())
        for file in change.files
        if file.text is not None and file.omitted is None
    )
