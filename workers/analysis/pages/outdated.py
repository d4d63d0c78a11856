"""What a change does to a module and leaves undone on its page, told without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import islice

from workers.analysis.pages.document import OVERVIEW, Existing, Section
from workers.analysis.pages.drift import changed
from workers.analysis.pages.found import Telling
from workers.analysis.pages.topics import topics
from workers.analysis.structure.changes import Altered, Offered, alterations

WORD = re.compile(r"\w+")
ALTERED_MAX = 200
"""So many symbols of a module are looked for on its page."""


def outdated(offered: Offered, telling: Telling) -> tuple[Altered, ...]:
    """The symbols that this change alters and the page tells of as they were, or not at all.

    What was behind before the change is not its author's; what the change wrote on the page for a symbol counts as told.
    """
    altered = alterations(offered)
    if not altered or not telling.now.sections:
        return ()
    found = topics(offered.now, _slug(telling.now))
    stale = {name for topic in changed(found, telling.now) for name in topic.symbols}
    told = {name for section in telling.now.sections for name in section.symbols}
    behind = (one for one in altered if one.name in (told if one.kind == "gone" else stale))
    words = frozenset(word for line in telling.lines for word in WORD.findall(line))
    return tuple(one for one in islice(behind, ALTERED_MAX) if not _is_tended(one, telling, words))


def _slug(page: Existing) -> str:
    """How the page's ids begin; it tells by its overview's."""
    ends = f"-{OVERVIEW}"
    return next((one.id.removesuffix(ends) for one in page.sections if one.id.endswith(ends)), "")


def _is_tended(one: Altered, telling: Telling, words: Set[str]) -> bool:
    """Whether somebody wrote about it by hand. A section that was generated anew has another mark: it tells by that."""
    before = telling.before
    if before is None:
        return False
    for section in _sections(one, telling.now):
        old = before.section(section.id)
        if old is not None and old.mark != section.mark:
            return False
        if old is not None and old.text != section.text:
            return True
    return one.name.rpartition(".")[2] in words


def _sections(one: Altered, page: Existing) -> Iterator[Section]:
    return (section for section in page.sections if one.name in section.symbols)
