"""Pages as Logseq keeps them: properties above, a block with an id for each section."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.logseq.lines import unindented
from workers.analysis.logseq.model import Block, Page, value_of
from workers.analysis.logseq.parse import parse
from workers.analysis.pages import keep
from workers.analysis.pages.document import API, KEPT, LEFT_OUT, Document, Existing, LeftOut, Section
from workers.analysis.pages.fences import fenced, span, without_code

SOURCE, SYMBOLS, MARK = "source", "symbols", "mark"


def write(document: Document) -> str:
    """The page's text. Hand-written parts stand behind their sections; those without one at the end."""
    slug = document.slug
    anchors = [
        document.overview.id,
        f"{slug}-{API}",
        *(one.id for one in (*document.more, *document.sections)),
        f"{slug}-{LEFT_OUT}",
    ]
    kept = keep.homeless(document.kept, anchors, f"{slug}-{KEPT}")
    lines = [f"# {document.title}", *_properties(document)]
    for one, heading in ((document.overview, "Overview"), *((one, one.heading) for one in document.more)):
        lines += ["", f"## {heading}", f"- id:: {one.id}", f"  {MARK}:: {one.mark}"]
        lines += [*_indented(one.text, "  "), *keep.written(kept, one.id, "  ")]
    lines += ["", "## API Reference", f"- id:: {slug}-{API}", *keep.written(kept, f"{slug}-{API}", "  ")]
    for section in document.sections:
        lines += _section(section, document.language)
        lines += keep.written(kept, section.id, "\t" * section.depth + "  ")
    if document.left_out or any(one.anchor == f"{slug}-{LEFT_OUT}" for one in kept):
        lines += ["", "## Left out", f"- id:: {slug}-{LEFT_OUT}"]
        lines += [f"\t- {span(one.symbol)}: {one.why}" for one in document.left_out]
        lines += keep.written(kept, f"{slug}-{LEFT_OUT}", "  ")
    if last := keep.written(kept, f"{slug}-{KEPT}", "  "):
        lines += ["", "## Kept", f"- id:: {slug}-{KEPT}", *last]
    return "\n".join(lines) + "\n"


def _properties(document: Document) -> Iterator[str]:
    yield f"type:: [[{document.type}]]"
    yield f"category:: [[{document.category}]]"
    yield f"package:: [[{document.package}]]"
    yield f"status:: [[{document.status}]]"
    yield f"{SOURCE}:: {document.source}"


def _section(section: Section, language: str) -> list[str]:
    bullet = "\t" * section.depth
    indent = f"{bullet}  "
    lines = [
        f"{bullet}- ### {span(section.heading) if section.is_of_a_symbol else section.heading}",
        f"{indent}id:: {section.id}",
    ]
    lines += [
        f"{indent}{SYMBOLS}:: {', '.join(map(span, section.symbols))}",
        f"{indent}{MARK}:: {section.mark}",
    ]
    lines += [f"{indent}{line}" for line in fenced(section.code, language)] if section.code else []
    return [*lines, *_indented(section.text, indent)]


def _indented(text: str, indent: str) -> list[str]:
    return [f"{indent}{line}" if line.strip() else "" for line in text.split("\n")] if text else []


def read(title: str, text: str) -> Existing:
    """What a page says of which symbols."""
    lines = text.split("\n")
    own = keep.without(lines)
    page = parse(title, "\n".join(own))
    regions = list(_regions(page, len(lines)))
    kept, problems = keep.kept_parts(lines, _anchors(regions, len(lines)))
    return Existing(
        value_of(page.properties, SOURCE),
        value_of(page.properties, "category").strip("[]"),
        tuple(_section_of(block, own[block.line - 1 : end]) for block, end in regions if block.value(MARK)),
        tuple(_left_out(page)),
        kept,
        problems,
    )


def _regions(page: Page, lines: int) -> Iterator[tuple[Block, int]]:
    """Each block with an id, and the last line before the next of them or the next heading at the margin."""
    blocks = list(page.walk())
    following = [*blocks[1:], None]
    # A heading of people's own is text of the section that it stands in; ours are right above a block with an id.
    bounds = [
        block
        for block, after in zip(blocks, following, strict=False)
        if block.value("id")
        or (block.heading and after is not None and after.value("id") and not block.depth)
    ]
    ends = [block.line - 1 for block in bounds[1:]] + [lines]
    return ((block, end) for block, end in zip(bounds, ends, strict=False) if block.value("id"))


def _section_of(block: Block, lines: list[str]) -> Section:
    """The section that a block and what hangs on it is; its code is written anew every time, and so not read."""
    said = {one.line - block.line for one in block.properties} | ({0} if block.heading else set())
    text = "\n".join(unindented(line, block.depth + 1) for at, line in enumerate(lines) if at not in said)
    symbols = (
        tuple(one.strip("` ") for one in block.value(SYMBOLS).split("`, `")) if block.value(SYMBOLS) else ()
    )
    heading = block.text.partition("\n")[0].lstrip("# ").strip("` ") if block.heading else ""
    plain = without_code(text) if symbols else text.strip("\n")
    return Section(block.value("id"), heading, plain, symbols, block.value(MARK), depth=block.depth)


def _left_out(page: Page) -> Iterator[LeftOut]:
    for block in page.walk():
        if block.value("id").endswith(f"-{LEFT_OUT}"):
            said = (child.text.partition("`: ") for child in block.children)
            yield from (LeftOut(symbol.strip("` "), why) for symbol, _, why in said)


def _anchors(regions: list[tuple[Block, int]], lines: int) -> list[str]:
    """The id of the section that each line belongs to, or of the one before."""
    starts = {block.line: block.value("id") for block, _ in regions}
    anchors, anchor = [], ""
    for number in range(1, lines + 1):
        anchor = starts.get(number, anchor)
        anchors.append(anchor)
    return anchors
