"""Tests: changed functions that no test reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.source import SourceFile
from workers.analysis.symbols import Symbol
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View, code, is_product
from workers.experts.exercise import Exercise
from workers.experts.focus import focus_on

LINES_MIN = 4
NAMES_MAX = 8
ENTRY_POINTS = frozenset({"main", "__init__", "constructor", "toString", "init", "render", "new", "default"})


@dataclass(frozen=True, slots=True)
class TestingExpert:
    """What could break without any test noticing."""

    __test__ = False  # no test case, whatever pytest thinks of the name

    aspect: Aspect = Aspect.TESTS

    @property
    def focus(self) -> str:
        """What a model is told to look for and to leave out."""
        return focus_on(self.aspect)

    def worth_running(self, view: View) -> bool:
        """Any code will do: tests are looked at too."""
        return any(True for _ in code(view))

    def static(self, view: View) -> tuple[Finding, ...]:
        """One low finding a file; nothing if parts of the repository were not read, for absence can't be shown."""
        changed = [(source, _changed(source, view)) for source in code(view) if is_product(source.path)]
        changed = [(source, symbols) for source, symbols in changed if symbols]
        if not changed or not view.snapshot.complete:
            return ()
        exercise = Exercise(view)
        if not exercise.tests:
            return (_no_tests(changed[0][0]),)
        return tuple(_untested(changed, exercise, view))


def _untested(
    changed: Sequence[tuple[SourceFile, Sequence[Symbol]]], exercise: Exercise, view: View
) -> Iterator[Finding]:
    for source, symbols in changed:
        untested = [symbol for symbol in symbols if not exercise.covers(source.path, symbol)]
        if untested:
            yield _finding(source, untested, view)


def _changed(source: SourceFile, view: View) -> list[Symbol]:
    return [symbol for symbol in view.analysis.symbols[source.path] if _is_worth_a_test(symbol, source)]


def _is_worth_a_test(symbol: Symbol, source: SourceFile) -> bool:
    """Public functions of some length with an added line; constructors, entry points and what is called by a name that
    was agreed elsewhere are tested unnamed."""
    return (
        symbol.kind in ("function", "method")
        and symbol.public
        and not symbol.overrides
        and symbol.name not in ENTRY_POINTS
        and symbol.name != symbol.owner
        and symbol.end - symbol.start + 1 >= LINES_MIN
        and not source.touched.isdisjoint(range(symbol.start, symbol.end + 1))
    )


def _finding(source: SourceFile, untested: Sequence[Symbol], view: View) -> Finding:
    names = ", ".join(f"`{symbol.full_name}` (line {symbol.start})" for symbol in untested[:NAMES_MAX])
    more = f" and {len(untested) - NAMES_MAX} more" if len(untested) > NAMES_MAX else ""
    first = untested[0]
    line = min(line for line in source.touched if first.start <= line <= first.end)
    count = "A changed function" if len(untested) == 1 else f"{len(untested)} changed functions"
    return Finding(
        aspect=Aspect.TESTS,
        severity=Severity.LOW,
        rule="symbols/untested",
        path=source.path,
        title=f"{count} that no test reaches",
        description=(
            f"No test of the repository mentions {names}{more}, and nothing that tests import leads there: a "
            "mistake would go unnoticed."
        ),
        recommendation="Add a test for the changed behaviour, with the case that made the change necessary.",
        line=line,
        evidence=view.quote(source.path, line),
        confidence=0.5,
        sources=(Source("tool", "symbols", "untested"),),
    )


def _no_tests(source: SourceFile) -> Finding:
    return Finding(
        aspect=Aspect.TESTS,
        severity=Severity.LOW,
        rule="symbols/no-tests",
        path=source.path,
        title="The repository has no tests",
        description="No file of the repository is a test by its language's customs, so nothing checks this change.",
        recommendation="Begin with one test for what this change is about.",
        confidence=0.8,
        sources=(Source("tool", "symbols", "no-tests"),),
    )
