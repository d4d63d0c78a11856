"""What nobody has written about yet: sections that hold the code's own words, or none."""

from __future__ import annotations

from collections.abc import Sequence

from workers.analysis.pages.compose import NOTHING_SAID
from workers.analysis.pages.document import OVERVIEW, Existing, Section
from workers.analysis.pages.prose import fit
from workers.analysis.pages.topics import Topic
from workers.analysis.structure.model import Module


def unsaid(found: Sequence[Topic], page: Existing) -> tuple[Topic, ...]:
    """The topics whose sections stand on `page` without a word but the code's."""
    return tuple(one for one in found if _is_bare(page.section(one.id), one.docs))


def is_unsaid(module: Module, found: Sequence[Topic], page: Existing, slug: str) -> bool:
    """Whether any part of a page is: its overview, or a topic."""
    return _is_bare(page.section(f"{slug}-{OVERVIEW}"), module.docs) or bool(unsaid(found, page))


def _is_bare(section: Section | None, docs: str) -> bool:
    return section is not None and _words(section.text) in ([], _words(NOTHING_SAID), _words(fit(docs)))


def _words(text: str) -> list[str]:
    return text.split()
