"""A documentation page apart from its format."""

from __future__ import annotations

from dataclasses import dataclass

OVERVIEW, API, LEFT_OUT, KEPT, MORE = "overview", "api", "left-out", "kept", "more"
"""How the ids of a page's fixed sections end; of those that a repository wants besides, how they go on."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page, found again by `id`.

    `symbols` are the whole names that it speaks of, `mark` is of their interface when `text` was written, `code` holds
    their signatures, `depth` how many owners that have sections are around it. `text` is Markdown without headings.
    """

    id: str
    heading: str
    text: str
    symbols: tuple[str, ...] = ()
    mark: str = ""
    code: str = ""
    depth: int = 0

    @property
    def is_of_a_symbol(self) -> bool:
        """Whether its heading is code."""
        return self.symbols[:1] == (self.heading,)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A public symbol that the page does not describe, and why."""

    symbol: str
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines that a person wrote between the markers, behind the section `anchor`; without the section's indentation."""

    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The page of one module. `slug` begins its ids; `source` is the module's path, `language` its code's.

    `more` are sections behind the overview that the repository's own rules want.
    """

    title: str
    slug: str
    source: str
    language: str
    category: str
    package: str
    overview: Section
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    kept: tuple[Kept, ...] = ()
    more: tuple[Section, ...] = ()
    type: str = "Primitive"
    status: str = "Draft"


@dataclass(frozen=True, slots=True)
class Existing:
    """A page as it was found: what it says of which symbols, and what people wrote into it.

    `problems` are sentences: a page that has some is not to be written over, for something could get lost.
    """

    source: str
    category: str = ""
    sections: tuple[Section, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    kept: tuple[Kept, ...] = ()
    problems: tuple[str, ...] = ()

    def section(self, section_id: str) -> Section | None:
        """The section with this id."""
        return next((one for one in self.sections if one.id == section_id), None)
