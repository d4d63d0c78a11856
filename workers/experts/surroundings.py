"""Code that a change leaves as it is and that decides whether it is right: who uses what it alters, what it calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from workers.analysis.languages import is_test_path
from workers.domain.change import ChangedFile
from workers.experts.base import View
from workers.experts.surroundings_files import Around, SearchLimits, family
from workers.experts.surroundings_lines import head_of
from workers.experts.surroundings_names import Used, used
from workers.experts.surroundings_text import Surrounding
from workers.experts.surroundings_uses import callers

__all__ = ["SearchLimits", "surroundings"]


def surroundings(view: View, limits: SearchLimits) -> Mapping[str, Sequence[Surrounding]]:
    """Excerpts of unchanged code by the changed file that they have to do with, nearest first.

    Callers of what is called otherwise now come first, then what the change calls, then other callers. Names are
    looked for as words, so what is found by mistake is possible. Reads tens of megabytes: not for the event loop.
    """
    around = Around(view)
    readable = {source.path for source in view.sources}
    files = [file for file in view.change.files if file.path in readable and file.hunks and family(file.path)]
    found: dict[str, list[Surrounding]] = defaultdict(list)
    for file, one in callers(around, files, limits):
        found[file.path].append(one)
    for file in sorted(files, key=lambda file: is_test_path(file.path))[: limits.calling_files_max]:
        found[file.path] += _callees(around, file, limits)
    return {path: _ranked(ones) for path, ones in found.items()}


def _ranked(found: Iterable[Surrounding]) -> tuple[Surrounding, ...]:
    return tuple(sorted(found, key=lambda one: (one.rank, one.path, one.line)))


def _callees(around: Around, file: ChangedFile, limits: SearchLimits) -> Iterator[Surrounding]:
    """The heads of what the added lines call, where it can be found nearby."""
    beside = around.folder(file.path, limits.siblings_max)
    nearby = list(dict.fromkeys([file.path, *around.graph.targets(file.path), *beside]))
    wanted = used(file)[: limits.called_names_max]
    found = (_definition(around, file.path, one, nearby, limits) for one in wanted)
    return islice((one for one in found if one is not None), limits.called_per_file_max)


def _definition(
    around: Around, path: str, one: Used, nearby: Sequence[str], limits: SearchLimits
) -> Surrounding | None:
    """Its head in the first of the files that defines it, unless a hunk shows it."""
    for place in nearby:
        line = around.defined(place, one.name, limits.mentions_max)
        if line is None or not around.is_readable(place):
            continue
        if line in around.shown.get(place, frozenset()):
            return None
        head = head_of(around.lines(place), line, around.hidden(place))
        why = f"defines `{one.name}`, which line {one.about.start} of {path} calls"
        rank = 10 + around.distance(path, place)
        return Surrounding(place, line, why, head, one.about, rank)
    return None
