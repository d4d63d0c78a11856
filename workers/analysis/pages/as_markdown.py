"""Pages as Markdown; what a machine must find again stands in comments that nobody sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from workers.analysis.logseq.fences import unfenced
from workers.analysis.pages import keep
from workers.analysis.pages.document import (
    API,
    KEPT,
    LEFT_OUT,
    OVERVIEW,
    Document,
    Existing,
    LeftOut,
    Section,
)
from workers.analysis.pages.fences import fenced, span, without_code

PAGE = re.compile(r"<!-- page source: (?P<source>.{1,1000}?) category: (?P<category>.{1,200}?) -->")
NOTE = re.compile(
    r"<!-- id: (?P<id>[A-Za-z0-9_-]{1,300})(?: mark: (?P<mark>[0-9a-f]{1,64}))?(?: symbols: (?P<symbols>.*))? -->"
)
HEADING = re.compile(r"#{1,6} ")
LEFT = re.compile(r"- (?P<ticks>`++)(?P<symbol>.{1,400}?)(?P=ticks): (?P<why>.*)")
ESCAPED = (("--", "-\\-"), (">", "\\>"))
"""What would end a comment, and is no part of any symbol's name."""


def write(document: Document) -> str:
    """The page's text. Hand-written parts stand behind their sections; those without one at the end."""
    return "\n\n".join("\n".join(chunk) for chunk in _chunks(document) if chunk) + "\n"


def _chunks(document: Document) -> Iterator[list[str]]:
    """The parts of the page between which an empty line stands."""
    slug, overview = document.slug, document.overview
    left_out, api = f"{slug}-{LEFT_OUT}", f"{slug}-{API}"
    kept = keep.homeless(
        document.kept,
        [overview.id, *(one.id for one in (*document.more, *document.sections)), api, left_out],
        f"{slug}-{KEPT}",
    )
    yield [f"# {document.title}"]
    yield [
        f"<!-- page source: {_escaped(document.source)} category: {document.category} -->",
        _about(document),
    ]
    for one, heading in ((overview, "Overview"), *((one, one.heading) for one in document.more)):
        yield from ([f"## {heading}"], [_note(one)], _text(one.text), keep.written(kept, one.id, ""))
    yield from (["## API Reference"], [f"<!-- id: {api} -->"], keep.written(kept, api, ""))
    for section in document.sections:
        yield from _section(section, document.language)
        yield keep.written(kept, section.id, "")
    if document.left_out or any(one.anchor == left_out for one in kept):
        yield from (["## Left out"], [f"<!-- id: {left_out} -->"])
        yield [f"- {span(one.symbol)}: {one.why}" for one in document.left_out]
        yield keep.written(kept, left_out, "")
    if last := keep.written(kept, f"{slug}-{KEPT}", ""):
        yield from (["## Kept"], [f"<!-- id: {slug}-{KEPT} -->"], last)


def _about(document: Document) -> str:
    parts = (document.type, document.category, document.package, document.status)
    return f"{' · '.join(parts)} · from {span(document.source)}"


def _section(section: Section, language: str) -> Iterator[list[str]]:
    signs = "#" * min(3 + section.depth, 6)
    yield [f"{signs} {span(section.heading) if section.is_of_a_symbol else section.heading}"]
    yield [_note(section)]
    yield fenced(section.code, language) if section.code else []
    yield _text(section.text)


def _note(section: Section) -> str:
    symbols = f" symbols: {_escaped(', '.join(map(span, section.symbols)))}" if section.symbols else ""
    return f"<!-- id: {section.id} mark: {section.mark}{symbols} -->"


def _text(text: str) -> list[str]:
    return text.split("\n") if text else []


def _escaped(text: str) -> str:
    for sign, instead in ESCAPED:
        text = text.replace(sign, instead)
    return text


def _unescaped(text: str) -> str:
    for sign, instead in ESCAPED:
        text = text.replace(instead, sign)
    return text


def read(title: str, text: str) -> Existing:
    """What a page says of which symbols. `title` is of no use here."""
    del title
    lines = text.replace("\r\n", "\n").split("\n")
    own = keep.without(lines)
    outside = list(unfenced(own))
    notes = [
        (number, found) for number, line in enumerate(outside) if (found := NOTE.fullmatch(line.strip()))
    ]
    kept, problems = keep.kept_parts(lines, _anchors(notes, len(lines)))
    page = next((found for line in outside if (found := PAGE.fullmatch(line.strip()))), None)
    ends = [_begin(number, outside) for number, _ in notes]
    parts = [
        (note, _above(number, outside), own[number + 1 : _end(number, ends, len(own))])
        for number, note in notes
    ]
    sections = tuple(_read_section(note, above, below) for note, above, below in parts if note["mark"])
    source, category = (_unescaped(page["source"]), page["category"]) if page is not None else ("", "")
    return Existing(source, category, sections, tuple(_left_out(outside)), kept, problems)


def _end(number: int, ends: Sequence[int], last: int) -> int:
    at = bisect_right(ends, number)
    return ends[at] if at < len(ends) else last


def _begin(number: int, lines: Sequence[str]) -> int:
    """The line of the heading that belongs to a note; headings that people put between belong to the text."""
    above = (at for at in range(number - 1, max(0, number - 2) - 1, -1) if lines[at].strip())
    at = next(above, number)
    return at if HEADING.match(lines[at]) else number


def _above(number: int, lines: Sequence[str]) -> str:
    """The nearest line above that is not empty, at most two away: the heading."""
    return next((line for line in reversed(lines[max(0, number - 2) : number]) if line.strip()), "")


def _read_section(note: re.Match[str], above: str, below: Sequence[str]) -> Section:
    text = "\n".join(below).strip("\n")
    symbols = (
        tuple(one.strip("` ") for one in _unescaped(note["symbols"]).split("`, `")) if note["symbols"] else ()
    )
    depth = max(0, len(above) - len(above.lstrip("#")) - 3)
    heading = above.lstrip("# ").strip("` ") if symbols else OVERVIEW
    return Section(
        note["id"], heading, without_code(text) if symbols else text, symbols, note["mark"], depth=depth
    )


def _left_out(lines: Sequence[str]) -> Iterator[LeftOut]:
    inside = False
    for line in lines:
        note = NOTE.fullmatch(line.strip())
        inside = note["id"].endswith(f"-{LEFT_OUT}") if note else inside and not HEADING.match(line)
        found = LEFT.match(line) if inside else None
        if found is not None:
            yield LeftOut(found["symbol"].strip(), found["why"])


def _anchors(notes: Sequence[tuple[int, re.Match[str]]], lines: int) -> list[str]:
    starts = {number: note["id"] for number, note in notes}
    anchors, anchor = [], ""
    for number in range(lines):
        anchor = starts.get(number, anchor)
        anchors.append(anchor)
    return anchors
