"""Where the words of a quote came to, in its file or in another: of several places the one with its surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workers.analysis.form import Form
from workers.analysis.page import Span
from workers.analysis.quoting import squeezed
from workers.analysis.since import FileSince, Since, lines_of, spans, squeezed_lines
from workers.experts.neighbourhood import (
    ALL_COMMON,
    NOTHING,
    Around,
    apart,
    best,
    common,
    has_neighbour,
    surroundings,
)
from workers.experts.regions import arrived, edited, inherited, near, region_of, replaces
from workers.experts.rewriting import renamed
from workers.experts.track import Place, Track, Way, track_at

TELLING_MIN_WORDS = 6
"""A quote of fewer words may stand in any other file: it proves no move from one to the other."""
OUTSIDE_MIN_COMMON = 2
OUTSIDE_MAX_FILES = 20
"""So many files that hold its longest name are looked at."""
NEIGHBOURS_MIN_CHARS = 16
NEIGHBOUR_MAX_LINES = 3
OTHERS_MAX_FILES = 40
"""So many other files are searched for what came in another form: those are read word by word for each finding."""
RUNS_MAX = 40
"""So many runs of lines that came are searched for a quote with other names."""


@dataclass(frozen=True, slots=True)
class Search:
    """Where to look: everywhere in `since` but at places that are `taken`; `path` is the file where it should be."""

    since: Since
    path: str
    taken: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a file, and how much of the surroundings it has."""

    file: FileSince
    place: Span
    common: int

    def track(self) -> Track:
        """What is there had moved there."""
        return track_at(Way.MOVED, self.file.path, self.place)


def sought(quote: Form, was: Span, file: FileSince, search: Search) -> Track | None:
    """Where the words of `quote`, which stood at `was`, came: in its file, in another one, or with other names."""
    region, around = region_of(*was, file), surroundings(file.old, *was)
    if not edited(quote, region, file):
        here, other = _in_file(quote, was, file, search), elsewhere(quote, search, around)
        if here and not (other and other.common > here.common):
            return replace(here.track(), came=frozenset(range(region[0], region[1] + 1)))
        if other:
            return other.track()
    if again := next(_renamed(quote, [near(region)], file, file), None):
        return track_at(Way.MOVED, file.path, again)
    return _renamed_elsewhere(quote, file, search, around)


def _in_file(quote: Form, was: Span, file: FileSince, search: Search) -> Found | None:
    """In its own file: where it stood, in another form, or the likest place."""
    region, around = region_of(*was, file), surroundings(file.old, *was)
    places = [
        one for one in arrived(file.places(quote), file, search.taken) if not inherited(one, was, quote, file)
    ]
    here = [one for one in places if not apart(one, region)]
    place = best(here or places, region, around, file)
    shared = ALL_COMMON if here else common(place, around, file) if place else 0
    return Found(file, place, shared) if place else None


def elsewhere(quote: Form, search: Search, around: Around = NOTHING) -> Found | None:
    """In another file of the change, among lines that have come: the likest place if the quote tells enough, else the
    only one, if it came with its surroundings.
    """
    tells = len(quote.words) >= TELLING_MIN_WORDS
    found = [
        (file, place)
        for file in _others(search)
        for place in arrived(file.places(quote), file, search.taken)
        if tells or _came_along(place, file)
    ]
    if not found or not (tells or len(found) == 1):
        return None
    return _likest(found, around)


def displaced(was: Span, file: FileSince, search: Search) -> Found | None:
    """What came in the place of lines whose neighbours moved: between those two, wherever they stand together now."""
    around = surroundings(file.old, *was)
    before, after = (side[0] if side else "" for side in around)
    if not before or not after or len(before + after) < NEIGHBOURS_MIN_CHARS:
        return None
    found = [
        (other, (first + 1, last - 1))
        for other in (file, *islice(_beside(around, search), OTHERS_MAX_FILES))
        for first, last in _between(before, after, was[1] - was[0] + 1, other)
    ]
    return _likest(found, around) if len(found) == 1 else None


def _between(before: str, after: str, count: int, file: FileSince) -> Iterator[Span]:
    """Where a line that came says `before` and one soon after it says `after`, with something in between."""
    lines = lines_of(file.new or "")
    for first in sorted(file.arrived):
        if squeezed(lines[first - 1]) == before:
            reach = range(first + 2, min(first + 2 * count + NEIGHBOUR_MAX_LINES, len(lines)) + 1)
            yield from ((first, last) for last in reach if squeezed(lines[last - 1]) == after)


def outside(quotes: Sequence[Form], around: Around, search: Search) -> bool:
    """Whether a file that is no part of the change says one of `quotes`, in the same surroundings."""
    return any(
        common(place, around, file) >= OUTSIDE_MIN_COMMON
        for quote in quotes
        if len(quote.words) >= TELLING_MIN_WORDS
        for file in islice(_outside_with(quote, search), OUTSIDE_MAX_FILES)
        for place in file.places(quote)
    )


def _outside_with(quote: Form, search: Search) -> Iterator[FileSince]:
    """The files that are no part of the change and hold the longest name of `quote`."""
    name = max((word for word in quote.words if word.isidentifier()), key=len, default="")
    for path, text in search.since.around.items():
        if name and name in text and path not in search.since.files:
            yield FileSince(path, None, None, text)


def _likest(places: Iterable[tuple[FileSince, Span]], around: Around) -> Found | None:
    found = (Found(file, place, common(place, around, file)) for file, place in places)
    return max(found, key=lambda one: one.common, default=None)


def _renamed_elsewhere(quote: Form, old: FileSince, search: Search, around: Around) -> Track | None:
    """With other names among lines that have come, in its file or in others."""
    if len(quote.words) < TELLING_MIN_WORDS:
        return None
    found = [
        (file, place)
        for file in (old, *islice(_beside(around, search), OTHERS_MAX_FILES))
        for place in _renamed(quote, spans(file.arrived)[:RUNS_MAX], old, file)
        if (file.path, *place) not in search.taken and has_neighbour(place, around, file)
        if not replaces(place, file)
    ]
    likest = _likest(found, around)
    return likest.track() if likest else None


def _renamed(quote: Form, runs: Iterable[Span], old: FileSince, file: FileSince) -> Iterator[Span]:
    """Where runs of lines of `file` say with other names what `old` said."""
    new, no = file.form(), frozenset[str]()
    regions = [new.between(*run) for run in runs]
    likely = [one for one in regions if renamed(quote, one, old_words=no, arrived=no)]
    if not likely:
        return  # all words of a file cost more than its few likely lines
    words = frozenset((*old.old_form().words, *(file.old_form().words if file is not old else ())))
    came = frozenset(word for word, line in zip(new.words, new.lines, strict=True) if line in file.arrived)
    for region in likely:
        if found := renamed(quote, region, old_words=words, arrived=came):
            yield found


def _others(search: Search) -> Iterator[FileSince]:
    for file in search.since.files.values():
        if file.path != search.path and file.new is not None and file.arrived:
            yield file


def _beside(around: Around, search: Search) -> Iterator[FileSince]:
    """The other files that hold a line of the surroundings."""
    wanted = frozenset((*around[0], *around[1]))
    return (file for file in _others(search) if not wanted.isdisjoint(squeezed_lines(file.new or "")))


def _came_along(place: Span, file: FileSince) -> bool:
    return not file.fresh & set(range(place[0], place[1] + 1))
