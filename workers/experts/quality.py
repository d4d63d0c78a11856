"""Quality: mistakes that linters are sure of, and functions that are hard to follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.languages import is_test_path
from workers.analysis.source import Observation, SourceFile
from workers.analysis.symbols import Symbol, enclosing
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View, code
from workers.experts.judgement import CERTAINTY, gathered, judged

MEASURES = {"complexity": "branches", "length": "lines", "parameters": "parameters"}
COMPLEXITY_MEDIUM = 30
TOUCHED_SHARE_MIN = 0.3


@dataclass(frozen=True, slots=True)
class QualityExpert:
    """Mistakes and code that is hard to change."""

    aspect: Aspect = Aspect.QUALITY
    focus: str = (
        "Correctness and maintainability: wrong conditions, off-by-one, unhandled errors and empty values, wrong "
        "units or types, resources that are not released, races, behaviour that callers rely on and that changes, "
        "dead or doubled code, names that mislead. Report what will go wrong and when, with the input that shows it. "
        "Leave out taste and formatting."
    )

    def worth_running(self, view: View) -> bool:
        """Any code will do."""
        return any(True for _ in code(view))

    def static(self, view: View) -> tuple[Finding, ...]:
        """Linters' findings on added lines, and one finding for each function that grew too big."""
        seen = [one for one in view.analysis.observations if not _is_noise(one)]
        plain = judged(self.aspect, (one for one in seen if one.rule not in MEASURES), view)
        return (*gathered(plain), *_oversized([one for one in seen if one.rule in MEASURES], view))


def _is_noise(observation: Observation) -> bool:
    path = PurePosixPath(observation.path)
    if observation.rule == "F401":  # a package's __init__ imports to re-export
        return path.name == "__init__.py"
    if observation.rule == "F821":  # build files get names from their tool, and gettext installs "_"
        return path.suffix != ".py" or "`_`" in observation.message
    return observation.rule in ("B018", "F811", "F841") and is_test_path(observation.path)


def _oversized(observations: Iterable[Observation], view: View) -> Iterator[Finding]:
    groups: dict[tuple[str, str, int], list[Observation]] = defaultdict(list)
    symbols: dict[tuple[str, str, int], Symbol] = {}
    for one in observations:
        symbol = enclosing(view.analysis.symbols.get(one.path, ()), one.line)
        source = view.source(one.path)
        if symbol is not None and source is not None and _is_of_this_change(symbol, source):
            key = (one.path, symbol.full_name, symbol.start)
            groups[key].append(one)
            symbols[key] = symbol
    for key, group in groups.items():
        yield _size_finding(symbols[key], group, view)


def _is_of_this_change(symbol: Symbol, source: SourceFile) -> bool:
    """Whether the change wrote a good part of it: one line in an old monster is not the author's doing."""
    touched = sum(symbol.start <= line <= symbol.end for line in source.touched)
    return touched >= TOUCHED_SHARE_MIN * (symbol.end - symbol.start + 1)


def _size_finding(symbol: Symbol, group: Sequence[Observation], view: View) -> Finding:
    path = group[0].path
    measured = {one.rule: one.message for one in group}
    said = [
        f"{text.partition(' ')[0]} {MEASURES[rule]} {text.partition(' ')[2]}"
        for rule, text in measured.items()
    ]
    complexity = int(measured.get("complexity", "0").partition(" ")[0])
    return Finding(
        aspect=Aspect.QUALITY,
        severity=Severity.MEDIUM if complexity >= COMPLEXITY_MEDIUM else Severity.LOW,
        rule="lizard/size",
        path=path,
        title=f"`{symbol.name}` is hard to follow",
        description=f"`{symbol.full_name}` has {', '.join(said)}. Each branch is a case to understand and to test.",
        recommendation="Split it into steps with names, along its branches; group parameters that belong together.",
        line=symbol.start,
        evidence=view.quote(path, symbol.start),
        confidence=CERTAINTY["lizard"],
        sources=tuple(dict.fromkeys(Source("tool", one.tool, one.rule) for one in group)),
    )
