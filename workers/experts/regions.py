"""What came in the place of what, between the lines of a file that stayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workers.analysis.form import Form
from workers.analysis.page import Span
from workers.analysis.since import FileSince, lines_of
from workers.experts.neighbourhood import apart
from workers.experts.track import Place

NEAR_MAX_LINES = 40
EDITED_MIN_SHARE = 0.5
"""Where so much of a quote's words came in its place, it was edited there."""


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


def edited(quote: Form, region: Span, file: FileSince) -> bool:
    """Whether what came in its place says much of the same in other words: then the same elsewhere is a copy."""
    if any(not apart(place, region) for place in file.places(quote)):
        return False
    here = Counter(word for word in file.form().between(*near(region)).words if word.isalnum())
    wanted = Counter(word for word in quote.words if word.isalnum())
    return bool(wanted) and (here & wanted).total() >= EDITED_MIN_SHARE * wanted.total()


def inherited(place: Span, was: Span, quote: Form, file: FileSince) -> bool:
    """Whether other lines that said the same stood right there: then it is what came of those."""
    first, last = _old_region(place, file)
    return not first <= was[0] <= last and bool(file.old_form().between(first, last).places(quote))


def replaces(place: Span, file: FileSince) -> bool:
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


def near(region: Span) -> Span:
    """Its first lines."""
    return region[0], min(region[1], region[0] + NEAR_MAX_LINES)
