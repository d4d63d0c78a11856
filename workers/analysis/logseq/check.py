"""Whether a Logseq page is in order by itself: its links, its ids, the properties that every page has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set

from workers.analysis.logseq.model import Page, Problem
from workers.analysis.logseq.references import is_id

LINKED = ("type", "category", "package", "status")
"""Properties of which each page has one, with one link as its value."""


def problems(page: Page, known_ids: Set[str] = frozenset()) -> tuple[Problem, ...]:
    """What is wrong with `page`, by line. `known_ids` are blocks of other pages that it may refer to."""
    found = [*page.problems, *_properties(page), *_ids(page), *_references(page, known_ids)]
    return tuple(sorted(found, key=lambda one: one.line))


def ids(page: Page) -> Iterator[tuple[str, int]]:
    """Each block's id and the line of it."""
    for block in page.walk():
        yield from ((one.value, one.line) for one in block.properties if one.key == "id")


def _properties(page: Page) -> Iterator[Problem]:
    if any(sign in page.title for sign in ("[[", "]]", "((", "#", "\n")):
        yield Problem(1, "the title holds [[, ]], (( or #")
    counts = Counter(one.key for one in page.properties)
    for key in LINKED:
        if counts[key] != 1:
            yield Problem(1, f"{key}:: stands {counts[key]} times, not once")
    for one in page.properties:
        if one.key in LINKED and not _is_link(one.value):
            yield Problem(one.line, f"{one.key}:: is not one page link")


def _is_link(value: str) -> bool:
    inside = value[2:-2]
    return (
        value.startswith("[[")
        and value.endswith("]]")
        and bool(inside.strip())
        and "]]" not in inside.split("[[")[0]
    )


def _ids(page: Page) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for block in page.walk():
        if sum(one.key == "id" for one in block.properties) > 1:
            yield Problem(block.line, "a block with more than one id")
    for value, line in ids(page):
        if not is_id(value):
            yield Problem(line, f"not an id: {value[:40]!r}")
        elif value in seen:
            yield Problem(line, f"the id {value} stands on line {seen[value]}, too")
        seen.setdefault(value, line)


def _references(page: Page, known_ids: Set[str]) -> Iterator[Problem]:
    own = {value for value, _ in ids(page)}
    for block in page.walk():
        for one in block.references:
            if one.kind == "block" and one.target not in own and one.target not in known_ids:
                yield Problem(one.line, f"no block has the id {one.target}")
