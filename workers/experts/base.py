"""What every expert is given and what every expert can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workers.analysis.languages import is_test_path
from workers.analysis.pages.found import Telling
from workers.analysis.source import Analysis, SourceFile
from workers.domain.change import Change, Snapshot
from workers.domain.finding import Aspect, Finding
from workers.domain.guidelines import Guidelines


def nothing(_: str) -> bool:
    """No path at all."""
    return False


EVIDENCE_MAX_LINES = 6
EVIDENCE_MAX_CHARS = 600


@dataclass(frozen=True, slots=True)
class View:
    """A change as the experts see it: what changed, the repository around it, what the tools said, and what its
    people agreed on. `ignored` says which paths the configuration leaves out; `pages` are Quorum's own, by the changed
    module that each tells of.
    """

    change: Change
    snapshot: Snapshot
    analysis: Analysis
    sources: tuple[SourceFile, ...]
    guidelines: Guidelines = field(default_factory=Guidelines)
    ignored: Callable[[str], bool] = nothing
    pages: Mapping[str, Telling] = field(default_factory=dict)

    def source(self, path: str) -> SourceFile | None:
        """The readable changed file with this path."""
        return next((source for source in self.sources if source.path == path), None)

    def quote(self, path: str, start: int, end: int | None = None) -> str:
        """Lines `start..end` of a changed file as they stand there, within the limits of evidence."""
        source = self.source(path)
        if source is None:
            return ""
        last = min(end or start, start + EVIDENCE_MAX_LINES - 1)
        return "\n".join(source.text.split("\n")[start - 1 : last])[:EVIDENCE_MAX_CHARS]


class Expert(Protocol):
    """One side to look from. `focus` is the paragraph that tells a model what to look for."""

    @property
    def aspect(self) -> Aspect:
        """The side it looks from; unique among the experts."""
        ...

    @property
    def focus(self) -> str:
        """One paragraph for a model's prompt."""
        ...

    def worth_running(self, view: View) -> bool:
        """Whether there is anything in `view` that this expert could speak about."""
        ...

    def static(self, view: View) -> tuple[Finding, ...]:
        """What can be said without a model. Pure; never raises for whatever a repository holds."""
        ...


def code(view: View) -> Iterator[SourceFile]:
    """The changed files in a programming language that our parsers know."""
    return (source for source in view.sources if source.path in view.analysis.symbols)


def is_product(path: str) -> bool:
    """Whether a file is code that callers use and tests exercise: not a test, and not a database migration."""
    return not is_test_path(path) and "migrations" not in path.split("/")
