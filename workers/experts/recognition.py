"""Which findings of a round are known from earlier ones, and which of them nobody need try to disprove again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workers.analysis.since import Since
from workers.domain.adjudication import Earlier, Past
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.experts.freshness import is_fresh, pinned, seen_of
from workers.experts.sameness import Known, Seen, matches
from workers.experts.track import Track
from workers.experts.tracking import tracked_all


@dataclass(frozen=True, slots=True)
class Recognised:
    """Earlier findings where they are now, those of this round, and which (by place) says which again."""

    known: tuple[Known, ...]
    seen: tuple[Seen, ...]
    said: Mapping[int, int]


def recognised(
    found: Sequence[Finding], past: Past, since: Since, files: Mapping[str, ChangedFile]
) -> Recognised:
    """Compare `found`, which are placed, with what was said; one without a place may get one here."""
    tracks = tracked_all(past.earlier, since)
    known = tuple(_known(one, track, files) for one, track in zip(past.earlier, tracks, strict=True))
    here = [pinned(one, known, since, files) for one in found]
    seen = tuple(seen_of(one, known, since) for one in here)
    return Recognised(known, seen, matches(seen, known))


@dataclass(frozen=True, slots=True)
class Recalled:
    """Findings with what is remembered of them, and the places of those that nobody need try to disprove."""

    findings: tuple[Finding, ...]
    spared: frozenset[int]


def recalled(
    found: Sequence[Finding], past: Past, since: Since, files: Mapping[str, ChangedFile]
) -> Recalled:
    """Of what is found again in code that still stands, who tried in vain to disprove it. That, what people said no to,
    and what is not said because it is minor and late, is worth no second question.
    """
    seen = recognised(found, past, since, files)
    findings, spared = list(found), set[int]()
    for at, one in enumerate(found):
        known = seen.known[seen.said[at]] if at in seen.said else None
        if known is None:
            spared |= set() if one.severity.blocks or is_fresh(seen.seen[at].finding, since) else {at}
        elif known.earlier.fate.settled:
            spared.add(at)
        elif known.track.stands and known.earlier.finding.stood:
            findings[at] = replace(one, stood=known.earlier.finding.stood)
            spared.add(at)
    return Recalled(tuple(findings), frozenset(spared))


def _known(earlier: Earlier, track: Track, files: Mapping[str, ChangedFile]) -> Known:
    """One that was on no line gets one where its code stands, if a comment can stand there."""
    file = files.get(track.path)
    if earlier.finding.line is not None or track.line is None or file is None:
        return Known(earlier, track)
    if all(file.hunk_at(line) is not None for line in (track.start or track.line, track.line)):
        return Known(earlier, track)
    return Known(earlier, replace(track, start=None, line=None, spots=track.lines))
