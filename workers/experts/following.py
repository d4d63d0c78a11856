"""Where the lines of a gathered remark are now: it stands as long as one of them does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from workers.analysis.since import Since, lines_of
from workers.domain.adjudication import Earlier
from workers.domain.finding import Finding
from workers.experts.gathering import OTHERS_MAX
from workers.experts.track import Track, Way

_SUREST = (Way.UNKNOWN, Way.CHANGED, Way.GONE)
"""Of lines none of which stands: what nobody can tell counts before what was changed, that before what left."""


def lines_apart(earlier: Earlier, since: Since) -> Iterator[Earlier]:
    """`earlier` for each of its lines, as if it had been said of that one alone; of what is gone the first counts."""
    finding = earlier.finding
    yield replace(earlier, finding=replace(finding, others=()))
    old = _old_text(finding.path, since)
    if old is None or finding.line is None or not earlier.fate.stands:
        return
    lines = lines_of(old)
    for number in finding.others[:OTHERS_MAX]:
        if number <= len(lines):
            alone = replace(finding, line=number, start_line=None, evidence=lines[number - 1], others=())
            yield replace(earlier, finding=alone)


def joined(tracks: Sequence[Track], since: Since) -> Track:
    """The track to all that stands in the file of the first line that does and can carry a comment."""
    standing = [one for one in tracks if one.stands]
    if not standing:
        return _lost(tracks)
    head = next((one for one in standing if _is_added(one, since)), standing[0])
    here = [one for one in tracks if one.path == head.path]
    spots = frozenset(line for one in here if one.stands for line in one.lines)
    came = frozenset(line for one in here for line in (one.came if one.stands else one.lines))
    return replace(head, spots=spots, came=came)


def other_lines(own: Finding, told: Finding, again: Finding) -> tuple[int, ...]:
    """The lines besides those of `own`, which stands for both: what an analyser says alone is all that there is."""
    if not (told.others or again.others):
        return ()
    here = [again] if again.path == own.path else []
    if not here or any(source.kind == "model" for source in again.sources):
        here.append(told)
    return besides({line for one in here for line in (one.line, *one.others) if line is not None}, own)


def besides(lines: Collection[int], own: Finding) -> tuple[int, ...]:
    """Those of `lines` that are not its own, the first OTHERS_MAX."""
    last = own.line or 0
    return tuple(sorted(set(lines).difference(range(own.start_line or last, last + 1))))[:OTHERS_MAX]


def _old_text(path: str, since: Since) -> str | None:
    file = since.files.get(since.new_paths.get(path, path))
    return since.left.get(path) if file is None else file.old if file.new is not None else None


def _is_added(track: Track, since: Since) -> bool:
    file = since.files.get(track.path)
    return file is not None and track.line in file.added


def _lost(tracks: Sequence[Track]) -> Track:
    surest = min(tracks, key=lambda one: _SUREST.index(one.way))
    came = (line for one in tracks if (one.way, one.path) == (surest.way, surest.path) for line in one.lines)
    return replace(surest, spots=frozenset(came))
