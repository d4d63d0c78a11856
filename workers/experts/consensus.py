"""Many findings to one list: duplicates merged, agreement stated where it was compared, ranked and capped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.experts.consensus_clusters import clustered
from workers.experts.consensus_state import state_of
from workers.experts.consensus_votes import borda
from workers.experts.gathering import beside_models, gathered
from workers.experts.places import heard
from workers.experts.proposals import MOVED, in_words
from workers.experts.similarity import Nearness, alike
from workers.experts.trust import Speaker, Trust

_ASPECTS = tuple(Aspect)  # declared by weight: security first


@dataclass(frozen=True, slots=True)
class Caps:
    """How much is said: findings in all, threads of those that don't block, and the least severity."""

    findings_max: int
    inline_max: int
    severity_floor: Severity


@dataclass(frozen=True, slots=True)
class Selection:
    """What is said and what is not: the first `thread_count` of `findings` are to have a thread each."""

    findings: tuple[Finding, ...]
    thread_count: int
    suppressed: int


def merged(
    findings: Iterable[Finding], nearness: Nearness, trust: Trust | None = None
) -> tuple[Finding, ...]:
    """One finding for each defect, with the sources of all that stated it.

    Only statements that were compared and matched are merged. Independent sources, i.e. different tools or models,
    make it confirmed; the same source twice doesn't. `trust` says what a source's word is worth. Minor remarks of an
    analyser that nobody else made are gathered, one a rule and path.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    said: Counter[Speaker] = Counter()
    for finding in findings:
        by_path[finding.path].append(finding)
        said.update(_speakers(finding.sources))
    groups = [group for of_path in by_path.values() for group in _groups(of_path, nearness)]
    points = _points(groups)
    known = trust or Trust()
    return gathered(_union(group, known, points.get(place, 0.0), said) for place, group in enumerate(groups))


def _groups(findings: Sequence[Finding], nearness: Nearness) -> list[list[Finding]]:
    """The findings of one path by defect, in their order."""
    near, apart = beside_models(findings, nearness.lines_max)
    clusters = clustered(alike(near, nearness), nearness.alike_min)
    return [*([near[place] for place in cluster] for cluster in clusters), *([one] for one in apart)]


def _points(groups: Sequence[Sequence[Finding]]) -> dict[int, float]:
    """Borda count of the groups, 0 to 1: the mean over the models, each of which ranks its own, worst first."""
    ballots: dict[str, list[tuple[int, float, int]]] = defaultdict(list)
    for place, group in enumerate(groups):
        for finding in group:
            for source in finding.sources:
                if source.kind == "model":
                    ballots[source.name].append((finding.severity.rank, -finding.confidence, place))
    counted = borda({name: [place for *_, place in sorted(ballot)] for name, ballot in ballots.items()})
    return {place: points / len(ballots) for place, points in counted.items()}


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Best first: severity, agreement, votes, confidence, aspect; then by place, so that equal runs look equal."""
    return tuple(sorted(findings, key=_rank))


def capped(findings: Sequence[Finding], caps: Caps, standing: Collection[str] = ()) -> Selection:
    """Drop what is below the floor or beyond the cap; put those that get a thread first.

    What blocks has a thread, whatever `inline_max` says. What is `standing` (by fingerprint) was said in an earlier
    round: it is still there, so no new finding takes its place.
    """
    loud = [finding for finding in findings if finding.severity.rank <= caps.severity_floor.rank]
    best = {id(finding) for finding in heard(loud, caps.findings_max)}
    kept = [one for one in loud if id(one) in best or one.fingerprint in standing]
    blocking = [one for one in kept if one.severity.blocks]
    others = [one for one in kept if not one.severity.blocks]
    threads = min(len(kept), max(caps.inline_max, len(blocking)))
    return Selection((*blocking, *others), threads, len(findings) - len(kept))


def _union(group: Sequence[Finding], trust: Trust, points: float, said: Mapping[Speaker, int]) -> Finding:
    sure = trust.together(_confidences(group))
    if len(group) == 1:
        return replace(group[0], votes=_votes(group[0], sure, points))
    place, told = group[0], _best_told(group, said)
    sources = tuple(dict.fromkeys(source for finding in group for source in finding.sources))
    if (told.line, told.start_line) != (place.line, place.start_line):
        told = in_words(told, MOVED)  # a suggestion replaces exact lines: on others it is advice
    return replace(
        told,
        severity=_severity(group),
        rule=place.rule,
        line=place.line,
        start_line=place.start_line,
        evidence=place.evidence or told.evidence,
        confidence=_doubtless(group),
        sources=sources,
        state=state_of(len(_speakers(sources))),
        votes=_votes(told, sure, points),
    )


def _votes(finding: Finding, sure: float, points: float) -> float:
    """What speaks for it, 0 to 1: the weighted votes, and half of it the Borda count where models speak."""
    return round((sure + points) / 2 if _by_model(finding) else sure, 4)


def _best_told(group: Sequence[Finding], said: Mapping[Speaker, int]) -> Finding:
    """A model's words speak of this code, a tool's of the rule; among equals the worst severity speaks.

    Then who says least: on labelled comments it was more often right (`make bench NAME=consensus`).
    """
    return min(
        group,
        key=lambda one: (
            not _by_model(one),
            one.severity.rank,
            sum(said[speaker] for speaker in _speakers(one.sources)),
        ),
    )


def _by_model(finding: Finding) -> bool:
    return any(source.kind == "model" for source in finding.sources)


def _severity(group: Sequence[Finding]) -> Severity:
    """The worst that came with evidence."""
    proven = [finding for finding in group if finding.evidence] or list(group)
    return min((finding.severity for finding in proven), key=lambda severity: severity.rank)


def _doubtless(group: Sequence[Finding]) -> float:
    """How sure they are, whatever their words are worth."""
    return Trust(dict.fromkeys((name for _, name in _confidences(group)), 1.0), alike=0.0).together(
        _confidences(group)
    )


def _confidences(group: Sequence[Finding]) -> Mapping[Speaker, float]:
    """One source's best word stands."""
    best: dict[Speaker, float] = {}
    for finding in group:
        for speaker in _speakers(finding.sources):
            best[speaker] = max(best.get(speaker, 0.0), finding.confidence)
    return best


def _speakers(sources: Iterable[Source]) -> frozenset[Speaker]:
    return frozenset((source.kind, source.name) for source in sources)


def _rank(finding: Finding) -> tuple[int, bool, float, float, int, str, int, str]:
    return (
        finding.severity.rank,
        finding.state is not State.CONFIRMED,
        -finding.votes,
        -finding.confidence,
        _ASPECTS.index(finding.aspect),
        finding.path,
        finding.line or 0,
        finding.rule,
    )
