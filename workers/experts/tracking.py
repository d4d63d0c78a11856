"""Where the code of an earlier finding stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workers.analysis.form import Form, form_of
from workers.analysis.page import Span
from workers.analysis.since import FileSince, Since, spans
from workers.domain.adjudication import Earlier, Fate
from workers.experts.rewriting import renamed

TELLING_MIN_WORDS = 6
"""A quote of fewer words may stand in any other file: it proves no move from one to the other."""
NEAR_MAX_LINES = 40

Place = tuple[str, int, int]
"""A path and the first and last line."""


class Way(StrEnum):
    """What happened to it. `moved`: its words stand elsewhere or in another form; `unknown`: nobody can tell."""

    KEPT = "kept"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Track:
    """Its present place: `line` is None for the whole file; what changed has the lines that came in its place."""

    way: Way
    path: str
    start: int | None = None
    line: int | None = None

    @property
    def stands(self) -> bool:
        """Whether the code is still there."""
        return self.way in (Way.KEPT, Way.MOVED)

    @property
    def lines(self) -> frozenset[int]:
        """Its lines; none if it is about the whole file."""
        return frozenset() if self.line is None else frozenset(range(self.start or self.line, self.line + 1))


def tracked_all(earlier: Sequence[Earlier], since: Since) -> list[Track]:
    """Where each of `earlier` is now. Two of one class don't share a place, and what stood before goes first."""
    taken: dict[str, frozenset[Place]] = {}
    tracks: dict[int, Track] = {}
    for at in sorted(range(len(earlier)), key=lambda at: not earlier[at].fate.stands):
        rule = earlier[at].finding.rule
        track = tracked(earlier[at], since, taken.get(rule, frozenset()))
        tracks[at] = track
        if track.stands and track.line is not None:
            place = (track.path, track.start or track.line, track.line)
            taken[rule] = taken.get(rule, frozenset()) | {place}
    return [tracks[at] for at in range(len(earlier))]


def tracked(earlier: Earlier, since: Since, taken: frozenset[Place] = frozenset()) -> Track:
    """Where `earlier` is now: of several places that are not `taken` the nearest to where it was."""
    finding = earlier.finding
    path = since.new_paths.get(finding.path)
    file = since.files.get(path) if path is not None else since.files.get(finding.path)
    quote = form_of(finding.evidence, finding.path)
    if file is None:
        return _elsewhere(quote, since, finding.path, taken) or Track(Way.GONE, finding.path)
    if file.new is None:
        return Track(Way.UNKNOWN, file.path, finding.start_line, finding.line)
    if not earlier.fate.stands:
        return _returned(earlier, file, quote, taken)
    if finding.line is None:
        return (
            _of_file(file, quote)
            or _elsewhere(quote, since, file.path, taken)
            or Track(Way.CHANGED, file.path)
        )
    was = finding.start_line or finding.line, finding.line
    return _kept(*was, file) or _sought(was, file, quote, since, taken)


def _kept(first: int, last: int, file: FileSince) -> Track | None:
    """Lines that are all there; what was put between them changed none of them."""
    lines = [file.to_new.get(line) for line in range(first, last + 1)]
    there = [line for line in lines if line is not None]
    if len(there) < len(lines) or there[-1] - there[0] > last - first + NEAR_MAX_LINES:
        return None
    return _track(Way.KEPT, file.path, (there[0], there[-1]))


def _sought(was: Span, file: FileSince, quote: Form, since: Since, taken: frozenset[Place]) -> Track:
    if file.old is None:
        found = _nearest(file.places(quote), was)
        return _track(Way.MOVED, file.path, found) if found else Track(Way.UNKNOWN, file.path)
    region = _region(*was, file)
    found = _nearest(_arrived(file.places(quote), file, taken), region)
    if found is not None:
        return _track(Way.MOVED, file.path, found)
    if other := _elsewhere(quote, since, file.path, taken):
        return other
    if again := _renamed(quote, region, file):
        return _track(Way.MOVED, file.path, again)
    return _track(Way.CHANGED, file.path, region) if region[0] <= region[1] else Track(Way.CHANGED, file.path)


def _renamed(quote: Form, region: Span, file: FileSince) -> Span | None:
    new, old_words = file.form(), frozenset(file.old_form().words)
    arrived = frozenset(word for word, line in zip(new.words, new.lines, strict=True) if line in file.arrived)
    near = new.between(region[0], min(region[1], region[0] + NEAR_MAX_LINES))
    return renamed(quote, near, old_words=old_words, arrived=arrived)


def _region(first: int, last: int, file: FileSince) -> Span:
    """The lines that came in the place of `first..last`: between the nearest lines that stayed; perhaps none."""
    before = next((file.to_new[line] for line in range(first - 1, 0, -1) if line in file.to_new), 0)
    count = (file.old or "").count("\n") + 1
    end = (file.new or "").count("\n") + 2
    after = next((file.to_new[line] for line in range(last + 1, count + 1) if line in file.to_new), end)
    return before + 1, after - 1


def _arrived(places: Iterable[Span], file: FileSince, taken: frozenset[Place]) -> list[Span]:
    """Places that are neither taken nor old ones of other code."""
    return [
        place
        for place in places
        if (file.path, *place) not in taken
        if any(line in file.arrived for line in range(place[0], place[1] + 1))
    ]


def _nearest(places: Iterable[Span], region: Span) -> Span | None:
    return min(places, key=lambda place: max(region[0] - place[1], place[0] - region[1], 0), default=None)


def _of_file(file: FileSince, quote: Form) -> Track | None:
    """A finding on no line stands as long as the file says what it quotes, if with other names."""
    if not quote.words or file.places(quote):
        return Track(Way.KEPT, file.path)
    if not file.old_form().places(quote):
        return Track(Way.UNKNOWN, file.path)  # it quotes what no file says
    runs = (span for span in spans(file.arrived) if _renamed(quote, span, file))
    return Track(Way.MOVED, file.path) if next(runs, None) else None


def _returned(earlier: Earlier, file: FileSince, quote: Form, taken: frozenset[Place]) -> Track:
    """What was gone is back if its words have come again; what had only left the change may just stand there."""
    places = file.places(quote)
    places = _arrived(places, file, taken) if earlier.fate is Fate.FIXED else places
    line = earlier.finding.line
    found = _nearest(places, (line or 1, line or 1))
    return _track(Way.MOVED, file.path, found) if found else Track(Way.GONE, file.path)


def _elsewhere(quote: Form, since: Since, path: str, taken: frozenset[Place]) -> Track | None:
    """In another file of the change, among lines that have come: the first place if the quote tells enough, else the
    only one, if it came with its surroundings.
    """
    tells = len(quote.words) >= TELLING_MIN_WORDS
    found: list[Track] = []
    for file in since.files.values():
        if file.path != path and file.new is not None and file.arrived:
            places = _arrived(file.places(quote), file, taken)
            found += [_track(Way.MOVED, file.path, one) for one in places if tells or _came_along(one, file)]
        if found and tells:
            break
    return found[0] if found and (tells or len(found) == 1) else None


def _came_along(place: Span, file: FileSince) -> bool:
    return not file.fresh & set(range(place[0], place[1] + 1))


def _track(way: Way, path: str, span: Span) -> Track:
    first, last = span
    return Track(way, path, first if first < last else None, last)
