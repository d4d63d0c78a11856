"""Many findings to one list: duplicates merged, agreement stated where it was compared, ranked and capped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.experts.consensus_state import state_of
from workers.experts.places import heard
from workers.experts.similarity import Nearness, same_defect

_ASPECTS = tuple(Aspect)  # declared by weight: security first


@dataclass(frozen=True, slots=True)
class Caps:
    """How much is said: findings in all, findings at their line, and the least severity."""

    findings_max: int
    inline_max: int
    severity_floor: Severity


@dataclass(frozen=True, slots=True)
class Selection:
    """What is said and what is not: the first `inline_count` of `findings` are to stand at their lines."""

    findings: tuple[Finding, ...]
    inline_count: int
    suppressed: int


def merged(findings: Iterable[Finding], nearness: Nearness) -> tuple[Finding, ...]:
    """One finding for each defect, with the sources of all that stated it.

    Only statements that were compared and matched are merged. Independent sources, i.e. different tools or models,
    make it confirmed; the same source twice doesn't.
    """
    groups: dict[str, list[list[Finding]]] = defaultdict(list)
    for finding in findings:
        of_path = groups[finding.path]
        fitting = next((group for group in of_path if _fits(finding, group, nearness)), None)
        if fitting is None:
            of_path.append([finding])
        else:
            fitting.append(finding)
    return tuple(_union(group) for of_path in groups.values() for group in of_path)


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Best first: severity, agreement, confidence, aspect; then by place, so that equal runs look equal."""
    return tuple(sorted(findings, key=_rank))


def capped(findings: Sequence[Finding], caps: Caps) -> Selection:
    """Drop what is below the floor or beyond the cap; put the anchored findings that get a comment first."""
    loud = [finding for finding in findings if finding.severity.rank <= caps.severity_floor.rank]
    kept = heard(loud, caps.findings_max)
    inline = heard([finding for finding in kept if finding.line is not None], caps.inline_max)
    chosen = {id(finding) for finding in inline}
    rest = [finding for finding in kept if id(finding) not in chosen]
    return Selection((*inline, *rest), len(inline), len(findings) - len(kept))


def _fits(finding: Finding, group: Sequence[Finding], nearness: Nearness) -> bool:
    """Against the first of a group only: chains of near findings must not run together."""
    return same_defect(group[0], finding, nearness)


def _union(group: Sequence[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    place, told = group[0], _best_told(group)
    sources = tuple(dict.fromkeys(source for finding in group for source in finding.sources))
    return replace(
        told,
        severity=_severity(group),
        rule=place.rule,
        line=place.line,
        start_line=place.start_line,
        evidence=place.evidence or told.evidence,
        confidence=_confidence(group),
        sources=sources,
        state=state_of(len(_speakers(sources))),
        # A suggestion replaces exact lines: it stays valid only if the merged finding kept those lines.
        suggestion=told.suggestion
        if (told.line, told.start_line) == (place.line, place.start_line)
        else None,
    )


def _best_told(group: Sequence[Finding]) -> Finding:
    """A model's words speak of this code, a tool's of the rule; among equals the worst severity speaks."""
    return min(group, key=lambda finding: (not _by_model(finding), finding.severity.rank))


def _by_model(finding: Finding) -> bool:
    return any(source.kind == "model" for source in finding.sources)


def _severity(group: Sequence[Finding]) -> Severity:
    """The worst that came with evidence."""
    proven = [finding for finding in group if finding.evidence] or list(group)
    return min((finding.severity for finding in proven), key=lambda severity: severity.rank)


def _confidence(group: Sequence[Finding]) -> float:
    """Independent sources each leave the doubt of the others less likely; one source's best word stands."""
    best: dict[tuple[str, str], float] = {}
    for finding in group:
        for speaker in _speakers(finding.sources):
            best[speaker] = max(best.get(speaker, 0.0), finding.confidence)
    doubt = reduce(lambda left, confidence: left * (1.0 - confidence), best.values(), 1.0)
    return round(1.0 - doubt, 4)


def _speakers(sources: Iterable[Source]) -> frozenset[tuple[str, str]]:
    return frozenset((source.kind, source.name) for source in sources)


def _rank(finding: Finding) -> tuple[int, bool, float, int, str, int, str]:
    return (
        finding.severity.rank,
        finding.state is not State.CONFIRMED,
        -finding.confidence,
        _ASPECTS.index(finding.aspect),
        finding.path,
        finding.line or 0,
        finding.rule,
    )
