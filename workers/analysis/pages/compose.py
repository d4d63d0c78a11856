"""The page of a module, put together from its structure, what was written about it, and what was there before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from workers.analysis.pages.document import MORE, OVERVIEW, Document, Existing, LeftOut, Section
from workers.analysis.pages.prose import fit
from workers.analysis.pages.slugs import Name, safe, slug_of
from workers.analysis.pages.topics import Topic, topics
from workers.analysis.structure.model import Module

CATEGORY = "API"
NOTHING_SAID = "*Not described yet.*"
GAPS = "*Parts of the file could not be read; what stands there is not on this page.*"


@dataclass(frozen=True, slots=True)
class Writing:
    """What was written about a module: `texts` by a topic's id. What is not there is taken from the page before, if it
    was written for the same interface, else from the code's own documentation. `more` are texts of sections that the
    repository's rules want besides, by their headings; "" where nobody wrote one."""

    overview: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    left_out: tuple[LeftOut, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


def compose(module: Module, name: Name, writing: Writing, before: Existing) -> Document:
    """The page's document; hand-written parts of `before` are in it."""
    found = topics(module, name.slug)
    left_out = tuple(_left_out(found, (*before.left_out, *writing.left_out)))
    absent = {one.symbol for one in left_out}
    told = [one for one in found if one.symbols[0] not in absent]
    return Document(
        title=name.title,
        slug=name.slug,
        source=safe(module.path),
        language=module.language,
        category=link_word(writing.category) or link_word(before.category) or CATEGORY,
        package=link_word(module.package or str(PurePosixPath(module.path).parent)) or "root",
        overview=_overview(module, name, writing, before),
        sections=tuple(_section(one, depth, writing, before) for one, depth in _nested(told)),
        left_out=left_out,
        kept=before.kept,
        more=tuple(_more(module, name, writing, before)),
    )


def _nested(told: Sequence[Topic]) -> Iterator[tuple[Topic, int]]:
    """Each topic with the number of its owners that have a section, too, right above it."""
    path: list[str] = []
    for topic in told:
        while path and not topic.symbols[0].startswith(f"{path[-1]}."):
            path.pop()
        yield topic, len(path)
        path.append(topic.symbols[0])


def _left_out(found: Sequence[Topic], said: Iterable[LeftOut]) -> Iterator[LeftOut]:
    """A whole topic may be left out, with what belongs to it: each symbol of it is listed, once."""
    reasons = {one.symbol: one.why for one in said}
    for topic in found:
        if topic.symbols[0] in reasons:
            why = fit(reasons[topic.symbols[0]]).replace("\n", " ")[:200] or "no reason was given"
            yield from (LeftOut(symbol, why) for symbol in topic.symbols)


def link_word(text: str) -> str:
    """`text` as it may stand inside a page link."""
    plain = "".join(sign if sign.isalnum() or sign in " -_./" else " " for sign in text)
    return " ".join(plain.split()).strip(". ")[:100]


def overview_mark(module: Module, slug: str) -> str:
    """Changes when any topic comes, goes or changes, or the module's own documentation does."""
    parts = [module.docs, *(f"{one.id} {one.mark}" for one in topics(module, slug))]
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


def _overview(module: Module, name: Name, writing: Writing, before: Existing) -> Section:
    section_id, mark = f"{name.slug}-{OVERVIEW}", overview_mark(module, name.slug)
    old = before.section(section_id)
    kept = old.text if old is not None and old.mark == mark else ""
    kept = kept.removesuffix(GAPS).rstrip()  # the file may be whole by now
    gaps = "" if module.complete else GAPS
    text = fit(writing.overview) or kept or fit(module.docs) or NOTHING_SAID
    text = text if gaps in text else f"{text}\n\n{gaps}"
    return Section(section_id, OVERVIEW, text, mark=mark)


def more_id(slug: str, heading: str) -> str:
    """The id of a section that the repository's rules want."""
    return f"{slug}-{MORE}-{slug_of(heading)}"


def _more(module: Module, name: Name, writing: Writing, before: Existing) -> Iterator[Section]:
    mark = overview_mark(module, name.slug)
    for heading, text in writing.more.items():
        section_id = more_id(name.slug, heading)
        old = before.section(section_id)
        kept = old.text if old is not None and old.mark == mark else ""
        yield Section(section_id, heading, fit(text) or kept or NOTHING_SAID, mark=mark)


def _section(topic: Topic, depth: int, writing: Writing, before: Existing) -> Section:
    old = before.section(topic.id)
    kept = old.text if old is not None and old.mark == topic.mark else ""
    text = fit(writing.texts.get(topic.id, "")) or kept or fit(topic.docs) or NOTHING_SAID
    return Section(topic.id, topic.heading, text, topic.symbols, topic.mark, topic.code, depth)
