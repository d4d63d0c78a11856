"""Who uses what a change alters: lines elsewhere that name it and, as far as imports tell, mean it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from workers.domain.change import ChangedFile
from workers.experts.surroundings_files import Around, SearchLimits, family, is_typed, naming
from workers.experts.surroundings_lines import Mention, Use, around_use, mentions
from workers.experts.surroundings_names import Altered, altered
from workers.experts.surroundings_text import Surrounding
from workers.experts.surroundings_words import EVERYBODYS

APART_LINES = 3
_TELLING_IMPORTS = ("python", "javascript")  # families in which a name without a dot is imported by name


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a file says of a name. `knows`: it is the changed file, or imports it."""

    place: str
    distance: int
    knows: bool
    every: tuple[Mention, ...]

    def speaks(self, use: Use) -> bool:
        return any(each.use is use for each in self.every)


def callers(
    around: Around, files: Iterable[ChangedFile], limits: SearchLimits
) -> Iterator[tuple[ChangedFile, Surrounding]]:
    """The uses of what `files` alter, in one pass over the repository, each with the file that it has to do with."""
    symbols = around.view.analysis.symbols
    found = [(file, one) for file in files for one in altered(file, symbols.get(file.path, ()))]
    wanted = sorted(found, key=lambda pair: not pair[1].shape)[: limits.names_max]
    keys = dict.fromkeys((family(file.path), one.name) for file, one in wanted if not one.private)
    far = naming(around, keys, limits.paths_per_name_max)
    for file, one in wanted:
        own = around.folder(file.path, limits.siblings_max)
        places = own if one.private else far[family(file.path), one.name]
        uses = sorted(_uses(around, file.path, one, places, limits), key=lambda use: use.rank)
        yield from ((file, use) for use in uses[: limits.uses_per_name_max])


def _uses(
    around: Around, path: str, one: Altered, places: Sequence[str], limits: SearchLimits
) -> Iterator[Surrounding]:
    readings = [_reading(around, path, place, one.name, limits) for place in places]
    alone = not any(each.place != path and each.speaks(Use.DEFINITION) for each in readings)
    for reading in readings:
        place = reading.place
        for mention in islice(_meant(around, path, one, reading, alone=alone), limits.uses_per_path_max):
            yield Surrounding(
                place,
                mention.line,
                f"uses `{one.name}`, which {one.how}",
                around_use(around.lines(place), mention.line, around.hidden(place)),
                one.about,
                (0 if one.shape else 20) + reading.distance + 3 * mention.use,
            )


def _reading(around: Around, path: str, place: str, name: str, limits: SearchLimits) -> _Reading:
    every = mentions(around.text(place), name, typed=is_typed(place))
    knows = place == path or around.imports(place, path)
    return _Reading(place, around.distance(path, place), knows, tuple(islice(every, limits.mentions_max)))


def _meant(around: Around, path: str, one: Altered, reading: _Reading, *, alone: bool) -> Iterator[Mention]:
    """The lines that use it and that no hunk shows: calls, or other uses where nothing calls it."""
    if not reading.every or not around.is_readable(reading.place):
        return
    shown = around.shown.get(reading.place, frozenset())
    own = one.about if reading.place == path and not one.shape else range(0)
    fit = [
        each
        for each in reading.every
        if each.use <= Use.OTHER
        and each.line not in shown
        and each.line not in own
        and _is_meant(path, one, reading, each, alone=alone)
    ]
    best, last = min((each.use for each in fit), default=Use.OTHER), -APART_LINES
    for each in fit:
        if each.use is best and each.line > last + APART_LINES:
            last = each.line
            yield each


def _is_meant(path: str, one: Altered, reading: _Reading, each: Mention, *, alone: bool) -> bool:
    """Whether the name is likely to be this one's there, and not one that is called the same."""
    if reading.place == path:
        return True
    if one.method:
        return bool(each.of) and (reading.knows or (alone and one.name not in EVERYBODYS))
    if reading.speaks(Use.DEFINITION):
        return False  # it has one of its own
    if each.of:
        return reading.knows or each.of == PurePosixPath(path).stem
    if family(path) in _TELLING_IMPORTS:
        return reading.knows or reading.speaks(Use.IMPORT)
    return each.use is Use.CALL or reading.knows
