"""Where the code of an earlier finding stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from workers.analysis.form import Form, form_of
from workers.analysis.page import Span
from workers.analysis.since import FileSince, Since, lines_of
from workers.domain.adjudication import Earlier, Fate
from workers.domain.finding import Finding
from workers.experts.core import core, most_pointed_at, pointed_at, statement_end, telling_line
from workers.experts.following import joined, lines_apart
from workers.experts.neighbourhood import NOTHING, best, surroundings
from workers.experts.regions import NEAR_MAX_LINES, arrived, region_of
from workers.experts.track import Place, Track, Way, track_at
from workers.experts.whereabouts import Search, displaced, elsewhere, outside, sought

PLACES_MAX = 20
"""Of a quote that stands more often, the first places are followed."""


def tracked_all(earlier: Sequence[Earlier], since: Since) -> list[Track]:
    """Where each of `earlier` is now. Two of one class don't share a place, and what stood before goes first."""
    taken: dict[str, frozenset[Place]] = {}
    tracks: dict[int, Track] = {}
    for at in sorted(range(len(earlier)), key=lambda at: not earlier[at].fate.stands):
        rule = earlier[at].finding.rule
        track = tracked(earlier[at], since, taken.get(rule, frozenset()))
        tracks[at] = track
        taken[rule] = taken.get(rule, frozenset()) | _place(track)
    return [tracks[at] for at in range(len(earlier))]


def tracked(earlier: Earlier, since: Since, taken: frozenset[Place] = frozenset()) -> Track:
    """Where `earlier` is now: of several places that are not `taken` the likest to where it was; each of its lines."""
    tracks: list[Track] = []
    for part in lines_apart(earlier, since):
        tracks.append(_tracked(part, since, taken))
        taken |= _place(tracks[-1])
    return joined(tracks, since) if len(tracks) > 1 else tracks[0]


def _tracked(earlier: Earlier, since: Since, taken: frozenset[Place]) -> Track:
    finding = earlier.finding
    path = since.new_paths.get(finding.path)
    file = since.files.get(path) if path is not None else since.files.get(finding.path)
    quote = form_of(finding.evidence, finding.path)
    if file is None:
        return _of_left(earlier, quote, Search(since, finding.path, taken))
    if file.new is None:
        return Track(Way.UNKNOWN, file.path, finding.start_line, finding.line)
    search = Search(since, file.path, taken)
    if not earlier.fate.stands:
        return _returned(earlier, file, quote, search)
    if finding.line is None:
        return _of_file(finding, file, quote, search)
    return _of_lines(finding, (finding.start_line or finding.line, finding.line), file, quote, search)


def _place(track: Track) -> frozenset[Place]:
    """The place that it takes; none if it is no more, or about the whole file."""
    if not track.stands or track.line is None:
        return frozenset()
    return frozenset({(track.path, track.start or track.line, track.line)})


def _of_left(earlier: Earlier, quote: Form, search: Search) -> Track:
    """What became of code whose file left the change: it may stand in another one, as it was or not."""
    line, first = earlier.finding.line, earlier.finding.start_line
    old = search.since.left.get(earlier.finding.path)
    if found := elsewhere(quote, search, surroundings(old, first or line, line) if line else NOTHING):
        return found.track()
    if line is not None and old is not None and earlier.fate.stands:
        file = FileSince(earlier.finding.path, earlier.finding.path, old)
        if moved := displaced((first or line, line), file, search):
            return replace(moved.track(), way=Way.CHANGED)
    return Track(Way.GONE, earlier.finding.path)


def _of_lines(finding: Finding, was: Span, file: FileSince, quote: Form, search: Search) -> Track:
    """What became of the old lines `was`, which say `quote`."""
    if file.old is None:
        found = best(file.places(quote), was, NOTHING, file)
        return track_at(Way.MOVED, file.path, found) if found else Track(Way.UNKNOWN, file.path)
    lines = range(was[0], statement_end(*was, lines_of(file.old)) + 1)
    if len(lines) > was[1] - was[0] + 1:
        quote = form_of("\n".join(lines_of(file.old)[lines[0] - 1 : lines[-1]]), file.path)
    was = lines[0], lines[-1]
    return (
        _kept(Way.KEPT, lines, file)
        or sought(quote, was, file, search)
        or _in_part(finding, lines, file, search)
        or _changed(finding, lines, file, search)
    )


def _kept(way: Way, lines: Sequence[int], file: FileSince) -> Track | None:
    """Lines that are all there; what was put between them changed none of them."""
    there = [file.to_new[line] for line in lines if line in file.to_new]
    if not there or len(there) < len(lines) or there[-1] - there[0] > lines[-1] - lines[0] + NEAR_MAX_LINES:
        return None
    return replace(track_at(way, file.path, (there[0], there[-1])), spots=frozenset(there))


def _in_part(finding: Finding, lines: Sequence[int], file: FileSince, search: Search) -> Track | None:
    """A quote of which something changed stands as long as the lines do that it is about.

    Where its words name none, or each by a word of its own, one line of the change that stands is enough: better called
    fixed late than falsely.
    """
    texts = lines_of(file.old or "")[lines[0] - 1 : lines[-1]]
    about = [lines[at] for at in sorted(pointed_at(finding, texts))]
    if not about:
        about = _standing(lines, texts, file)
    elif len(about) == len(lines):
        most = most_pointed_at(finding, texts)
        about = [line for line in _standing(lines, texts, file) if line - lines[0] in most]
    if not about or len(about) == len(lines):
        return None
    quote = form_of("\n".join(texts[line - lines[0]] for line in about), file.path)
    return _kept(Way.MOVED, about, file) or sought(quote, (about[0], about[-1]), file, search)


def _changed(finding: Finding, lines: Sequence[int], file: FileSince, search: Search) -> Track:
    """To what came in the place of the lines that it was about, as far as they are no more.

    If nothing did, they may stand in a file that the base has meanwhile, too.
    """
    texts = lines_of(file.old or "")[lines[0] - 1 : lines[-1]]
    about = [lines[at] for at in sorted(core(finding, texts)) if lines[at] not in file.to_new] or lines
    region = region_of(about[0], about[-1], file)
    if region[0] > region[1]:
        if moved := displaced((lines[0], lines[-1]), file, search):
            return replace(moved.track(), way=Way.CHANGED)
        quotes = [form_of(text, file.path) for text in ("\n".join(texts), *texts)]
        if outside(quotes, surroundings(file.old, lines[0], lines[-1]), search):
            return Track(Way.GONE, file.path)
    came = frozenset(line for line in range(region[0], region[1] + 1) if line in file.arrived)
    return replace(track_at(Way.CHANGED, file.path, region), spots=came)


def _standing(lines: Sequence[int], texts: Sequence[str], file: FileSince) -> list[int]:
    return [
        line
        for line, text in zip(lines, texts, strict=False)
        if telling_line(text) and file.to_new.get(line, 0) in file.added
    ]


def _of_file(finding: Finding, file: FileSince, quote: Form, search: Search) -> Track:
    """A finding on no line stands as long as one of the places of its quote does, if in another form."""
    if not quote.words:
        return Track(Way.KEPT, file.path)
    now = frozenset(line for place in file.places(quote) for line in range(place[0], place[1] + 1))
    olds = file.old_form().places(quote)[:PLACES_MAX] if file.old is not None else []
    if not olds:  # else it quotes what no file says
        return Track(Way.KEPT if now else Way.UNKNOWN, file.path, spots=now)
    tracks = [_of_lines(finding, place, file, quote, search) for place in olds]
    standing = [one for one in tracks if one.stands]
    came = frozenset(line for one in tracks if not one.stands or one.came for line in one.came or one.lines)
    if not standing:
        return Track(Way.CHANGED, file.path, came=came)
    if len(standing) == 1:
        return replace(standing[0], came=came)
    here = [one for one in standing if one.path == file.path]
    spots = frozenset(line for one in here for line in one.lines)
    way = Way.KEPT if any(one.way is Way.KEPT for one in standing) else Way.MOVED
    return Track(way, file.path, spots=spots, came=came) if here else replace(standing[0], came=came)


def _returned(earlier: Earlier, file: FileSince, quote: Form, search: Search) -> Track:
    """What was gone is back if its words have come again; what had only left the change may just stand there."""
    places: Iterable[Span] = file.places(quote)
    places = arrived(places, file, search.taken) if earlier.fate is Fate.FIXED else places
    line = earlier.finding.line or 1
    found = best(places, (line, line), NOTHING, file)
    return track_at(Way.MOVED, file.path, found) if found else Track(Way.GONE, file.path)
