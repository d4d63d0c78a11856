"""Whether pages still say what the code offers, told without a model: by the marks of what they were written for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workers.analysis.pages.document import Existing
from workers.analysis.pages.topics import Topic, topics
from workers.analysis.structure.model import Module


@dataclass(frozen=True, slots=True)
class Drift:
    """`kind` is "missing" (public, on no page), "changed" (since its section was written) or "gone" (told, not there).

    `line` is the symbol's in the code, 0 of one that is gone.
    """

    kind: str
    symbol: str
    line: int = 0


def drifts(module: Module, slug: str, page: Existing) -> tuple[Drift, ...]:
    """Where `page` is behind `module`. Of a module that was not read wholly nothing is called gone."""
    found = topics(module, slug)
    left_out = {one.symbol for one in page.left_out}
    behind = [one for topic in found for one in _behind(topic, page, left_out)]
    return (*behind, *(_gone(found, page) if module.complete else ()))


def changed(found: tuple[Topic, ...], page: Existing) -> tuple[Topic, ...]:
    """The topics whose section is missing or was written for another interface."""
    marks = {section.id: section.mark for section in page.sections}
    left_out = {one.symbol for one in page.left_out}
    return tuple(one for one in found if one.symbols[0] not in left_out and marks.get(one.id) != one.mark)


def _behind(topic: Topic, page: Existing, left_out: set[str]) -> Iterator[Drift]:
    section, line = page.section(topic.id), topic.members[0].start
    if section is None:
        yield from (Drift("missing", name, line) for name in topic.symbols[:1] if name not in left_out)
    elif section.mark != topic.mark:
        told = set(section.symbols)
        new = [name for name in topic.symbols if name not in told | left_out]
        yield from (Drift("missing", name, line) for name in new)
        if not new:
            yield Drift("changed", topic.symbols[0], line)


def _gone(found: tuple[Topic, ...], page: Existing) -> Iterator[Drift]:
    there = {name for topic in found for name in topic.symbols}
    told = [name for section in page.sections for name in section.symbols]
    yield from (
        Drift("gone", name)
        for name in dict.fromkeys((*told, *(one.symbol for one in page.left_out)))
        if name not in there
    )
