"""What became of one finding, by what stands in its place and who looked there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workers.analysis.form import form_of
from workers.analysis.since import Since, spans
from workers.domain.adjudication import Adjudication, Fate, ReadFile
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect, Finding
from workers.experts.following import besides, other_lines
from workers.experts.sameness import Known, says_alike
from workers.experts.track import Track, Way

EVIDENCE_MAX_CHARS = 1_000
WIDE = frozenset({Aspect.TESTS, Aspect.DOCUMENTATION, Aspect.DEPENDENCY})
"""Aspects whose findings may be mended in another file than the one that they stand at."""
HELPERS = frozenset({"symbols", "imports", "manifest", "pages"})
"""Sources that read whatever any tool reads."""

FOUND_AGAIN = "found again"
NOT_IN_CHANGE = "its code is no part of the change any more"
NOT_READ = "the file was not read this time"
STILL_THERE = "its code is still there"
CODE_CHANGED = "its code was changed, and it is not found there any more"
NOT_FOUND = "the tool that found it finds it no more"
UNSURE = "nobody can tell"


@dataclass(frozen=True, slots=True)
class Bench:
    """What a ruling rests on: what changed since, the change as it is now, and what this round read of it."""

    since: Since
    files: Mapping[str, ChangedFile]
    read: Mapping[str, ReadFile]


def ruled(known: Known, again: Finding | None, bench: Bench) -> Adjudication:
    """What became of `known`; `again` is the finding of this round that says the same."""
    told, fate = known.earlier, known.earlier.fate
    place = (
        told.finding if fate is Fate.FIXED and again is None else _placed(told.finding, known.track, bench)
    )
    finding = _restated(place, again, known.track, bench) if again is not None else place
    now, why = (fate, "") if fate.settled else _judged(known, again, bench)
    return Adjudication(finding, fate, now, why, told.reason)


def _judged(known: Known, again: Finding | None, bench: Bench) -> tuple[Fate, str]:
    fate, track = known.earlier.fate, known.track
    standing = Fate.ACCEPTED if fate is Fate.ACCEPTED else Fate.OPEN
    if again is not None:
        return standing, FOUND_AGAIN
    if not fate.stands and not (track.stands and _by_model(known.earlier.finding)):
        return fate, ""
    if track.way is Way.GONE or track.path not in bench.files or not _commentable(track, bench):
        return Fate.OUTDATED, NOT_IN_CHANGE
    if not _looked(known.earlier.finding, track.path, bench):
        return standing, NOT_READ
    if track.way is Way.UNKNOWN:
        return standing, UNSURE
    if track.way is Way.CHANGED:
        return Fate.FIXED, CODE_CHANGED
    mended = not _by_model(known.earlier.finding) and _something_changed(known.earlier.finding, track, bench)
    return (Fate.FIXED, NOT_FOUND) if mended else (standing, STILL_THERE)


def _commentable(track: Track, bench: Bench) -> bool:
    """Whether the code that still stands, or came in its place, is a part of the change."""
    line = track.line
    if track.way is Way.CHANGED and track.spots:
        return bool(track.spots & bench.since.files[track.path].added)
    return not track.stands or line is None or bench.files[track.path].hunk_at(line) is not None


def _looked(finding: Finding, path: str, bench: Bench) -> bool:
    """Whether one that could say it again has read the file: the tool itself; any model for a model."""
    read = bench.read.get(path)
    if read is None:
        return False
    if _by_model(finding):
        return read.model
    tools = {source.name for source in finding.sources}
    return bool(tools & read.tools) or bool(tools & HELPERS and read.tools)


def _something_changed(finding: Finding, track: Track, bench: Bench) -> bool:
    """A tool that is silent about a text that it spoke of before was changed itself."""
    wide = finding.aspect in WIDE or any(source.name in HELPERS for source in finding.sources)
    return not (bench.since.nothing if wide else bench.since.files[track.path].same)


def _placed(finding: Finding, track: Track, bench: Bench) -> Finding:
    """`finding` at its present place, quoting what stands there if it is the same code."""
    place = replace(
        finding,
        path=track.path,
        line=track.line,
        start_line=track.start,
        suggestion=finding.suggestion if track.way is Way.KEPT else None,
        evidence=(_quoted(finding, track, bench) if track.stands else "") or finding.evidence,
    )
    return replace(place, others=besides(track.lines, place) if finding.others and track.stands else ())


def _quoted(finding: Finding, track: Track, bench: Bench) -> str:
    """What stands there; of several places the first, unless the old quote still stands in all of them."""
    if track.line is not None or not track.spots:
        return _lines(track.path, track.line, track.start, bench)
    if bench.since.files[track.path].places(form_of(finding.evidence, track.path)):
        return ""
    first, last = spans(track.spots)[0]
    return _lines(track.path, last, first, bench)


def _restated(told: Finding, again: Finding, track: Track, bench: Bench) -> Finding:
    """The old words at the new place: what was said once is not said in other words."""
    path, line, start = _common(told, again, track)
    exact = (path, line, start) == (again.path, again.line, again.start_line)
    restated = replace(
        told,
        severity=min(told.severity, again.severity, key=lambda severity: severity.rank),
        path=path,
        line=line,
        start_line=start,
        evidence=(again.evidence if exact else _lines(path, line, start, bench)) or told.evidence,
        suggestion=again.suggestion if exact else None,
        confidence=max(told.confidence, again.confidence),
        sources=tuple(dict.fromkeys((*told.sources, *again.sources))),
        state=again.state,
        doubts=again.doubts,
        stood=tuple(dict.fromkeys((*(told.stood if track.stands else ()), *again.stood))),
    )
    return replace(restated, others=other_lines(restated, told, again))


def _common(told: Finding, again: Finding, track: Track) -> tuple[str, int | None, int | None]:
    """Its path and lines. Models quote more or less around what they mean: the lines that all quotes have in common come
    nearest to it, if they say it alike. What stands is where it stands, whatever else was found beside it.
    """
    alike = not track.stands or says_alike(again, told)
    if alike and told.path == again.path and told.line is not None and again.line is not None:
        first = max(told.start_line or told.line, again.start_line or again.line)
        last = min(told.line, again.line)
        if first <= last:
            return told.path, last, first if first < last else None
    if track.stands and (told.line is not None or track.spots):
        return told.path, told.line, told.start_line
    return again.path, again.line, again.start_line


def _lines(path: str, line: int | None, start: int | None, bench: Bench) -> str:
    file = bench.since.files.get(path)
    if line is None or file is None or file.new is None:
        return ""
    return "\n".join(file.new.split("\n")[(start or line) - 1 : line])[:EVIDENCE_MAX_CHARS]


def _by_model(finding: Finding) -> bool:
    return any(source.kind == "model" for source in finding.sources)
