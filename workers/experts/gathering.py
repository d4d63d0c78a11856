"""Minor remarks of analysers, one a rule and file: what a model speaks of as well is a finding of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workers.analysis.tools.rules.loading import texts
from workers.domain.finding import Finding, Severity

LINES_NAMED_MAX = 10
OTHERS_MAX = 20
"""So many further lines are remembered: their analyser finds those beyond them again."""


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Minor remarks of one rule in one file become one that names its lines; the others stay as they are."""
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    kept: list[Finding] = []
    for finding in findings:
        if is_remark(finding):
            groups[finding.path, finding.rule].append(finding)
        else:
            kept.append(finding)
    return (*kept, *(_gather(group) for group in groups.values()))


def is_remark(finding: Finding) -> bool:
    """Whether it is minor, on a line, and nobody's word but an analyser's, by a rule that speaks of lines."""
    if finding.severity is not Severity.LOW or finding.line is None:
        return False
    told = {f"{one.name}/{one.rule}" for one in finding.sources if one.rule in texts()}
    return finding.rule in told and not _by_model(finding)


def beside_models(findings: Sequence[Finding], lines_max: int) -> tuple[list[Finding], list[Finding]]:
    """Without, and then only, the remarks that no model's statement is near: nobody can mean the same as those.

    Comparing all with all would take minutes where a rule is broken a thousand times.
    """
    spoken = [_span(one) for one in findings if _by_model(one)]
    apart = [is_remark(one) and not _is_near(_span(one), spoken, lines_max) for one in findings]
    paired = list(zip(findings, apart, strict=True))
    return [one for one, alone in paired if not alone], [one for one, alone in paired if alone]


def _is_near(span: tuple[int, int], others: Iterable[tuple[int, int]], lines_max: int) -> bool:
    return any(first - lines_max <= span[1] and span[0] <= last + lines_max for first, last in others)


def _span(finding: Finding) -> tuple[int, int]:
    last = finding.line or 0
    return finding.start_line or last, last


def _by_model(finding: Finding) -> bool:
    return any(source.kind == "model" for source in finding.sources)


def _gather(group: Sequence[Finding]) -> Finding:
    first = min(group, key=lambda finding: finding.line or 0)
    lines = sorted({finding.line for finding in group if finding.line is not None})
    if len(lines) == 1:
        return first
    named = ", ".join(str(line) for line in lines[:LINES_NAMED_MAX])
    more = f" and {len(lines) - LINES_NAMED_MAX} more" if len(lines) > LINES_NAMED_MAX else ""
    return replace(
        first,
        title=f"{first.title} ({len(lines)} times)",
        description=f"{first.description} The same on lines {named}{more}.",
        others=tuple(lines[1 : OTHERS_MAX + 1]),
    )
