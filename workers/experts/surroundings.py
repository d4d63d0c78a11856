"""Code that a change leaves as it is and that decides whether it is right: who uses what it alters, what it calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from workers.analysis.languages import is_test_path
from workers.domain.change import ChangedFile
from workers.experts.base import View
from workers.experts.surroundings_files import Around, family, is_typed, naming
from workers.experts.surroundings_lines import Mention, Use, around_use, head_of, mentions
from workers.experts.surroundings_names import Altered, Used, altered, used
from workers.experts.surroundings_text import Surrounding
from workers.experts.surroundings_words import EVERYBODYS


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How much is looked for, and how much of what is found is kept."""

    names_max: int = 40
    paths_per_name_max: int = 60
    uses_per_name_max: int = 6
    uses_per_path_max: int = 2
    calling_files_max: int = 100
    called_per_file_max: int = 12
    called_names_max: int = 40
    siblings_max: int = 20
    mentions_max: int = 100


def surroundings(view: View, limits: SearchLimits) -> Mapping[str, Sequence[Surrounding]]:
    """Excerpts of unchanged code by the changed file that they have to do with, nearest first.

    Callers of what is called otherwise now come first, then what the change calls, then other callers. Names are
    looked for as words, so what is found by mistake is possible. Reads tens of megabytes: not for the event loop.
    """
    around = Around(view)
    readable = {source.path for source in view.sources}
    files = [file for file in view.change.files if file.path in readable and file.hunks and family(file.path)]
    found: dict[str, list[Surrounding]] = defaultdict(list)
    for file, one in _callers(around, files, limits):
        found[file.path].append(one)
    for file in sorted(files, key=lambda file: is_test_path(file.path))[: limits.calling_files_max]:
        found[file.path] += _callees(around, file, limits)
    return {path: _ranked(ones) for path, ones in found.items()}


def _ranked(found: Iterable[Surrounding]) -> tuple[Surrounding, ...]:
    return tuple(sorted(found, key=lambda one: (one.rank, one.path, one.line)))


def _callers(
    around: Around, files: Iterable[ChangedFile], limits: SearchLimits
) -> Iterator[tuple[ChangedFile, Surrounding]]:
    symbols = around.view.analysis.symbols
    wanted = [(file, one) for file in files for one in altered(file, symbols.get(file.path, ()))]
    wanted = sorted(wanted, key=lambda pair: not pair[1].shape)[: limits.names_max]
    keys = dict.fromkeys((family(file.path), one.name) for file, one in wanted if not one.private)
    far = naming(around, keys, limits.paths_per_name_max)
    for file, one in wanted:
        places = _own(around, file.path, one, limits) if one.private else far[family(file.path), one.name]
        uses = _uses(around, file.path, one, places, limits)
        yield from ((file, use) for use in islice(uses, limits.uses_per_name_max))


def _own(around: Around, path: str, one: Altered, limits: SearchLimits) -> list[str]:
    """The files of its folder that name what is private there."""
    return [place for place in _folder(around, path, limits) if one.name in around.text(place)]


def _uses(
    around: Around, path: str, one: Altered, places: Sequence[str], limits: SearchLimits
) -> Iterator[Surrounding]:
    """The uses of `one`, nearest first; a method of a name that everybody gives only where it is imported."""
    near = sorted((around.distance(path, place), place) for place in places)
    for distance, place in near:
        if (one.method and one.name in EVERYBODYS and distance > 1) or not around.is_readable(place):
            continue
        for mention in islice(_mentions(around, path, place, one, limits), limits.uses_per_path_max):
            yield Surrounding(
                place,
                mention.line,
                f"uses `{one.name}`, which {one.how}",
                around_use(around.lines(place), mention.line, around.hidden(place)),
                one.about,
                (0 if one.shape else 20) + distance + 3 * mention.use,
            )


def _mentions(around: Around, path: str, place: str, one: Altered, limits: SearchLimits) -> Iterator[Mention]:
    """The lines of `place` that use it and that no hunk shows: calls, or other uses where nothing calls it."""
    every = list(islice(mentions(around.text(place), one.name, typed=is_typed(place)), limits.mentions_max))
    if place != path and any(each.use is Use.DEFINITION for each in every) and not one.method:
        return  # it has one of its own
    hidden = around.shown.get(place, frozenset())
    own = range(0) if one.shape or place != path else one.about
    fit = [
        each for each in every if each.use <= Use.OTHER and each.line not in hidden and each.line not in own
    ]
    if one.method and place != path:
        fit = [each for each in fit if each.dotted]
    best = min((each.use for each in fit), default=Use.OTHER)
    last = -10
    for each in fit:
        if each.use is best and each.line > last + 3:
            last = each.line
            yield each


def _callees(around: Around, file: ChangedFile, limits: SearchLimits) -> Iterator[Surrounding]:
    """The heads of what the added lines call, where it can be found nearby."""
    nearby = _nearby(around, file.path, limits)
    wanted = used(file)[: limits.called_names_max]
    found = (_definition(around, file.path, one, nearby, limits) for one in wanted)
    return islice((one for one in found if one is not None), limits.called_per_file_max)


def _nearby(around: Around, path: str, limits: SearchLimits) -> list[str]:
    """Where a name of `path` may come from: the file itself, what it imports, its folder."""
    return list(dict.fromkeys([path, *around.graph.targets(path), *_folder(around, path, limits)]))


def _folder(around: Around, path: str, limits: SearchLimits) -> list[str]:
    """`path` and the files beside it."""
    folder = path.rpartition("/")[0]
    kin = around.relatives.get(family(path), [])
    siblings = (one for one in kin if one.rpartition("/")[0] == folder and one != path)
    return [path, *islice(siblings, limits.siblings_max)]


def _definition(
    around: Around, path: str, one: Used, nearby: Sequence[str], limits: SearchLimits
) -> Surrounding | None:
    for place in nearby:
        text = around.text(place)
        if one.name not in text or not around.is_readable(place):
            continue
        for mention in islice(mentions(text, one.name, typed=is_typed(place)), limits.mentions_max):
            if mention.use is Use.DEFINITION:
                if mention.line in around.shown.get(place, frozenset()):
                    return None
                head = head_of(around.lines(place), mention.line, around.hidden(place))
                why = f"defines `{one.name}`, which line {one.about.start} of {path} calls"
                return Surrounding(
                    place, mention.line, why, head, one.about, 10 + around.distance(path, place)
                )
    return None
