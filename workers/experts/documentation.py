"""Documentation: new public definitions that nobody described, and pages that a change leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

from workers.analysis.source import SourceFile
from workers.analysis.symbols import Symbol
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View, code, is_product
from workers.experts.drift import drift
from workers.experts.focus import focus_on

LINES_MIN = 4
NAMES_MAX = 8


@dataclass(frozen=True, slots=True)
class DocumentationExpert:
    """What a reader is not told."""

    aspect: Aspect = Aspect.DOCUMENTATION

    @property
    def focus(self) -> str:
        """What a model is told to look for and to leave out."""
        return focus_on(self.aspect)

    def worth_running(self, view: View) -> bool:
        """Only code outside tests is documented."""
        return any(is_product(source.path) for source in code(view))

    def static(self, view: View) -> tuple[Finding, ...]:
        """A low finding for each file that adds public definitions without a description, and one for each page of
        ours that still tells of a module as it was before the change."""
        found = []
        for source in code(view):
            bare = [one for one in view.analysis.symbols[source.path] if _is_bare(one, source)]
            if bare and is_product(source.path) and _documents(view.analysis.symbols[source.path], bare):
                found.append(_finding(source, bare, view))
        return (*found, *drift(view))


def _is_bare(symbol: Symbol, source: SourceFile) -> bool:
    is_new = symbol.start in source.touched
    is_long = symbol.end - symbol.start + 1 >= LINES_MIN
    return symbol.public and not (symbol.has_doc or symbol.overrides) and is_new and is_long


def _documents(symbols: tuple[Symbol, ...], bare: list[Symbol]) -> bool:
    """Whether the file's older part has the custom: in a file that describes nothing, this would be a nag."""
    rest = [symbol for symbol in symbols if symbol.public and symbol not in bare]
    return not rest or any(symbol.has_doc for symbol in rest)


def _finding(source: SourceFile, bare: list[Symbol], view: View) -> Finding:
    names = ", ".join(f"`{symbol.full_name}` (line {symbol.start})" for symbol in bare[:NAMES_MAX])
    more = f" and {len(bare) - NAMES_MAX} more" if len(bare) > NAMES_MAX else ""
    count = "A new public definition has" if len(bare) == 1 else f"{len(bare)} new public definitions have"
    return Finding(
        aspect=Aspect.DOCUMENTATION,
        severity=Severity.LOW,
        rule="symbols/undocumented",
        path=source.path,
        title=f"{count} no description",
        description=f"{names}{more}: callers have to read the code to learn what is expected and returned.",
        recommendation="Say in a sentence each what it does, and the units, errors and limits that are not obvious.",
        line=bare[0].start,
        evidence=view.quote(source.path, bare[0].start),
        confidence=0.9,
        sources=(Source("tool", "symbols", "undocumented"),),
    )
