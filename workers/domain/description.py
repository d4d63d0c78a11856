"""What a change does, in a few lines: the result of describing it, before anybody renders it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workers.domain.change import ChangedFile
from workers.domain.usage import Call


class Kind(StrEnum):
    """What sort of change it is."""

    FEATURE = "feature"
    FIX = "bug fix"
    REFACTORING = "refactoring"
    PERFORMANCE = "performance"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    DEPENDENCIES = "dependencies"
    CONFIGURATION = "configuration"
    OTHER = "other"


class Met(StrEnum):
    """Whether a change does what an issue asks for. Without code that shows it, nobody is told that it does."""

    MET = "met"
    PART = "in part"
    NOT_SHOWN = "not shown"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class IssueCheck:
    """One issue that the change says it closes, and the changed lines that the word rests on.

    `line` and `start_line` are right-side numbers in `path`; `removed`: the code was taken away, so it has no line.
    `title` and `why` are others' words.
    """

    number: int
    title: str
    met: Met
    why: str = ""
    path: str = ""
    line: int | None = None
    start_line: int | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A changed file, and what happens in it, in a sentence; "" when nobody said."""

    file: ChangedFile
    what: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Changed files of one nature, the most changed first."""

    name: str
    files: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the diagram: a file, or a folder with `files` of them."""

    path: str
    files: int = 1


@dataclass(frozen=True, slots=True)
class Diagram:
    """Which touched modules import which. `edges` are positions in `nodes`; `left_out` files have no box."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Description:
    """A change described. Every changed file is in exactly one group.

    `model` is who wrote the `bullets`, "" when none did; then they are the commits' own first lines, and `unasked`
    says why. `unread` counts files that the model knew by name alone, `unlisted` those that nobody could list.

    `quality` is the share (0 to 1) of what the model says that can be looked up and holds, None where nothing can be;
    `validated` whether all of it does, and the diagram is in order.
    """

    base_sha: str
    head_sha: str
    kinds: tuple[Kind, ...]
    bullets: tuple[str, ...]
    groups: tuple[Group, ...]
    diagram: Diagram | None = None
    issues: tuple[IssueCheck, ...] = ()
    notices: tuple[str, ...] = ()
    model: str = ""
    unasked: str = ""
    unread: int = 0
    unlisted: int = 0
    calls: tuple[Call, ...] = ()
    quality: float | None = None
    validated: bool | None = None

    @property
    def files(self) -> int:
        """How many files are accounted for."""
        return sum(len(group.files) for group in self.groups)
