"""Functions that are hard to follow: what several tools measured of one function, as one finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.languages import Language, is_test_path
from workers.analysis.measures import MEASURES
from workers.analysis.source import Observation, SourceFile
from workers.analysis.symbols import Symbol, enclosing
from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.experts.base import View
from workers.experts.judgement import CERTAINTY
from workers.experts.style import of_function

COMPLEXITY_MEDIUM = 30
COMPLEXITY_ALONE_MIN = 19
"""lizard counts each comprehension and `and` of Python as a branch; below this, ruff has to agree."""
TOUCHED_SHARE_MIN = 0.3


@dataclass(frozen=True, slots=True)
class Measured:
    """What tools measured of one function: for each kind of measure, who said it and how."""

    source: SourceFile
    symbol: Symbol
    kinds: Mapping[str, Sequence[Observation]]

    def count(self, kind: str) -> int:
        """The highest count that any tool gave."""
        return max((int(one.message.partition(" ")[0]) for one in self.kinds.get(kind, ())), default=0)

    def agreed(self) -> bool:
        """Whether two tools found the same measure over its limit."""
        return any(len({one.tool for one in seen}) > 1 for seen in self.kinds.values())


def oversized(view: View, style: Sequence[Observation]) -> Iterator[Finding]:
    """One finding for each function that this change made too big, with the simpler forms that `style` knows for it."""
    for measured in _measured(view):
        if _is_hard(measured):
            yield _finding(measured, of_function(style, measured.source.path, measured.symbol), view)


def _measured(view: View) -> Iterator[Measured]:
    functions: dict[tuple[str, Symbol], dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for one in view.analysis.observations:
        measure = MEASURES.get((one.tool, one.rule))
        symbol = enclosing(view.analysis.symbols.get(one.path, ()), one.line) if measure else None
        if measure is not None and symbol is not None:
            functions[one.path, symbol][measure.kind].append(one)
    for (path, symbol), kinds in functions.items():
        source = view.source(path)
        if source is not None and _is_of_this_change(symbol, source):
            yield Measured(source, symbol, kinds)


def _is_of_this_change(symbol: Symbol, source: SourceFile) -> bool:
    """Whether the change wrote a good part of it: one line in an old monster is not the author's doing."""
    touched = sum(symbol.start <= line <= symbol.end for line in source.touched)
    return touched >= TOUCHED_SHARE_MIN * (symbol.end - symbol.start + 1)


def _is_hard(measured: Measured) -> bool:
    is_python = measured.source.language == Language.PYTHON
    alone = len({one.tool for one in measured.kinds.get("complexity", ())}) == 1
    complexity = measured.count("complexity")
    branched = complexity > 0 and not (is_python and alone and complexity < COMPLEXITY_ALONE_MIN)
    # Keyword-only parameters carry their names at every call; builders of test data live on them.
    many = "positional" in measured.kinds if is_python else "parameters" in measured.kinds
    return branched or "length" in measured.kinds or (many and not is_test_path(measured.source.path))


def _finding(measured: Measured, simpler: str, view: View) -> Finding:
    symbol, path = measured.symbol, measured.source.path
    seen = [one for kind in measured.kinds.values() for one in kind]
    told = (_told(measured, kind) for kind in ("complexity", "length", "returns", "parameters"))
    return Finding(
        aspect=Aspect.QUALITY,
        severity=Severity.MEDIUM if measured.count("complexity") >= COMPLEXITY_MEDIUM else Severity.LOW,
        rule="function/size",
        path=path,
        title=f"`{symbol.name}` is hard to follow",
        description=f"`{symbol.full_name}` has {', '.join(filter(None, told))}. {_why(measured)}{simpler}",
        recommendation=_advice(measured),
        line=symbol.start,
        evidence=view.quote(path, symbol.start),
        confidence=min(0.95, CERTAINTY["lizard"] + 0.05 * measured.agreed()),
        sources=tuple(dict.fromkeys(Source("tool", one.tool, one.rule) for one in seen)),
        state=State.CONFIRMED if measured.agreed() else State.SINGLE,
    )


def _told(measured: Measured, kind: str) -> str:
    """The highest count of this kind, with its unit and limit."""
    seen = measured.kinds.get(kind, ())
    return max(seen, key=lambda one: int(one.message.partition(" ")[0])).message if seen else ""


def _why(measured: Measured) -> str:
    if "complexity" in measured.kinds:
        return "Each branch is a case to understand and to test."
    if "length" in measured.kinds:
        return "A reader has to keep all of it in mind at once."
    return "Callers mix up arguments that have no names."


def _advice(measured: Measured) -> str:
    steps = "Split it into steps with names, along its branches."
    group = "Group parameters that belong together in a value, or make them keyword-only."
    is_big = "complexity" in measured.kinds or "length" in measured.kinds
    has_many = "parameters" in measured.kinds or "positional" in measured.kinds
    return " ".join(text for text, applies in ((steps, is_big), (group, has_many)) if applies)
