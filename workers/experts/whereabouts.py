"""Where the words of a quote came to, in its file or in another: of several places the one with its surroundings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workers.analysis.form import Form
from workers.analysis.page import Span
from workers.analysis.quoting import squeezed
from workers.analysis.since import FileSince, Since, lines_of, spans
from workers.experts.rewriting import renamed
from workers.experts.track import Place, Track, Way, track_at

TELLING_MIN_WORDS = 6
"""A quote of fewer words may stand in any other file: it proves no move from one to the other."""
NEAR_MAX_LINES = 40
AROUND_LINES = 3
NEXT_WEIGHT = 2
EDITED_MIN_SHARE = 0.5
"""Where so much of a quote's words came in its place, it was edited there."""
Around = tuple[tuple[str, ...], tuple[str, ...]]
"""The lines before a place, the nearest first, and those after it."""
NOTHING: Around = ((), ())
ALL_COMMON = 2 * (AROUND_LINES + NEXT_WEIGHT)
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
    if not _edited(quote, region, file):
        here, other = _in_file(quote, was, file, search), elsewhere(quote, search, around)
        if here and not (other and other.common > here.common):
            return replace(here.track(), came=frozenset(range(region[0], region[1] + 1)))
        if other:
            return other.track()
    if again := next(_renamed(quote, [_near(region)], file, file), None):
        return track_at(Way.MOVED, file.path, again)
    return _renamed_elsewhere(quote, file, search, around)


def _in_file(quote: Form, was: Span, file: FileSince, search: Search) -> Found | None:
    """In its own file: where it stood, in another form, or the likest place."""
    region, around = region_of(*was, file), surroundings(file.old, *was)
    places = [
        one
        for one in arrived(file.places(quote), file, search.taken)
        if not _inherited(one, was, quote, file)
    ]
    here = [one for one in places if not _apart(one, region)]
    place = best(here or places, region, around, file)
    common = ALL_COMMON if here else _common(place, around, file) if place else 0
    return Found(file, place, common) if place else None


def region_of(first: int, last: int, file: FileSince) -> Span:
    """The lines that came in the place of `first..last`: between the nearest lines that stayed; perhaps none."""
    before = next((file.to_new[line] for line in range(first - 1, 0, -1) if line in file.to_new), 0)
    count = (file.old or "").count("\n") + 1
    end = (file.new or "").count("\n") + 2
    after = next((file.to_new[line] for line in range(last + 1, count + 1) if line in file.to_new), end)
    return before + 1, after - 1


def arrived(places: Iterable[Span], file: FileSince, taken: frozenset[Place]) -> list[Span]:
    """Places that are neither taken nor old ones of other code."""
    return [
        place
        for place in places
        if (file.path, *place) not in taken
        if any(line in file.arrived for line in range(place[0], place[1] + 1))
    ]


def surroundings(text: str | None, first: int, last: int) -> Around:
    """The lines around `first..last`, squeezed, without empty ones."""
    if text is None:
        return NOTHING
    lines = lines_of(text)
    return _telling(lines[first - 2 :: -1] if first > 1 else ()), _telling(lines[last:])


def best(places: Iterable[Span], region: Span, around: Around, file: FileSince) -> Span | None:
    """The place that has most of the surroundings, then the nearest to `region`."""
    return min(places, key=lambda place: (-_common(place, around, file), _apart(place, region)), default=None)


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


def _likest(places: Iterable[tuple[FileSince, Span]], around: Around) -> Found | None:
    found = (Found(file, place, _common(place, around, file)) for file, place in places)
    return max(found, key=lambda one: one.common, default=None)


def _renamed_elsewhere(quote: Form, old: FileSince, search: Search, around: Around) -> Track | None:
    """With other names among lines that have come, in its file or in others."""
    if len(quote.words) < TELLING_MIN_WORDS:
        return None
    found = [
        (file, place)
        for file in (old, *_others(search))
        for place in _renamed(quote, spans(file.arrived)[:RUNS_MAX], old, file)
        if (file.path, *place) not in search.taken and _common(place, around, file)
        if not _replaces(place, file)
    ]
    likest = _likest(found, around)
    return likest.track() if likest else None


def _renamed(quote: Form, runs: Iterable[Span], old: FileSince, file: FileSince) -> Iterator[Span]:
    """Where runs of lines of `file` say with other names what `old` said."""
    new = file.form()
    words = frozenset((*old.old_form().words, *(file.old_form().words if file is not old else ())))
    came = frozenset(word for word, line in zip(new.words, new.lines, strict=True) if line in file.arrived)
    for run in runs:
        if found := renamed(quote, new.between(*run), old_words=words, arrived=came):
            yield found


def _edited(quote: Form, region: Span, file: FileSince) -> bool:
    """Whether what came in its place says much of the same in other words: then the same elsewhere is a copy."""
    if any(not _apart(place, region) for place in file.places(quote)):
        return False
    here = Counter(word for word in file.form().between(*_near(region)).words if word.isalnum())
    wanted = Counter(word for word in quote.words if word.isalnum())
    return bool(wanted) and (here & wanted).total() >= EDITED_MIN_SHARE * wanted.total()


def _inherited(place: Span, was: Span, quote: Form, file: FileSince) -> bool:
    """Whether other lines that said the same stood right there: then it is what came of those."""
    first, last = _old_region(place, file)
    return not first <= was[0] <= last and bool(file.old_form().between(first, last).places(quote))


def _replaces(place: Span, file: FileSince) -> bool:
    """Whether it came in the place of something: then that was renamed."""
    first, last = _old_region(place, file)
    return first <= last


def _old_region(place: Span, file: FileSince) -> Span:
    """The old lines in whose place a new one came; perhaps none."""
    if file.old is None:
        return 1, 0
    before = next((file.to_old[line] for line in range(place[0], 0, -1) if line in file.to_old), 0)
    count, end = len(lines_of(file.new or "")), len(lines_of(file.old)) + 1
    after = next((file.to_old[line] for line in range(place[1], count + 1) if line in file.to_old), end)
    return before + 1, after - 1


def _near(region: Span) -> Span:
    return region[0], min(region[1], region[0] + NEAR_MAX_LINES)


def _others(search: Search) -> Iterator[FileSince]:
    for file in search.since.files.values():
        if file.path != search.path and file.new is not None and file.arrived:
            yield file


def _came_along(place: Span, file: FileSince) -> bool:
    return not file.fresh & set(range(place[0], place[1] + 1))


def _common(place: Span, around: Around, file: FileSince) -> int:
    """How much of its surroundings `place` has: lines on the same side; those next to it count more."""
    here = surroundings(file.new, *place) if around != NOTHING else NOTHING
    shared = sum((Counter(old) & Counter(new)).total() for old, new in zip(around, here, strict=True))
    return shared + NEXT_WEIGHT * sum(old[:1] == new[:1] != () for old, new in zip(around, here, strict=True))


def _telling(lines: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        if len(found) == AROUND_LINES:
            break
        if text := squeezed(line):
            found.append(text)
    return tuple(found)


def _apart(place: Span, region: Span) -> int:
    return max(region[0] - place[1], place[0] - region[1], 0)
