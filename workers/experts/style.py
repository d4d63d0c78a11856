"""Simpler forms of the same code: never worth a finding each, so one a file at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from workers.analysis.source import Observation
from workers.analysis.symbols import Symbol
from workers.analysis.tools.rules.loading import texts
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View

STYLE = "style"
PLACES_MAX = 6


def is_style(observation: Observation) -> bool:
    """Whether its rule is about the form of code that works."""
    text = texts().get(observation.rule)
    return text is not None and text.topic == STYLE


def of_function(style: Sequence[Observation], path: str, symbol: Symbol) -> str:
    """A sentence about the simpler forms inside a function, or ""."""
    inside = [one for one in style if one.path == path and symbol.start <= one.line <= symbol.end]
    return f" Simpler forms are known for {_places(inside)}." if inside else ""


def simplifications(view: View, style: Sequence[Observation]) -> Iterator[Finding]:
    """One low finding for each file with code that has a simpler form."""
    files: dict[str, list[Observation]] = defaultdict(list)
    for one in style:
        files[one.path].append(one)
    for path, seen in files.items():
        yield _finding(path, sorted(seen, key=lambda one: one.line), view)


def _finding(path: str, seen: Sequence[Observation], view: View) -> Finding:
    text = texts()[seen[0].rule]
    alone = len(seen) == 1
    return Finding(
        aspect=Aspect.QUALITY,
        severity=Severity.LOW,
        rule="style/simpler",
        path=path,
        title=text.title if alone else f"{len(seen)} places have a simpler form",
        description=f"{seen[0].message.rstrip('.')}. {text.why}" if alone else f"They are {_places(seen)}.",
        recommendation=text.fix if alone else "Take the simpler forms where they read better.",
        line=seen[0].line,
        evidence=view.quote(path, seen[0].line),
        confidence=0.6,
        sources=tuple(dict.fromkeys(Source("tool", one.tool, one.rule) for one in seen)),
    )


def _places(seen: Sequence[Observation]) -> str:
    """ "line 3 (nested ifs are one condition), line 9 (…)"."""
    named = ", ".join(f"line {one.line} ({_lowered(texts()[one.rule].title)})" for one in seen[:PLACES_MAX])
    more = f" and {len(seen) - PLACES_MAX} more" if len(seen) > PLACES_MAX else ""
    return named + more


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
