"""The gate that no page passes unread: every symbol that it names exists, every public one is told or left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.analysis.pages.document import API, LEFT_OUT, Document, Existing
from workers.analysis.pages.formats import Format
from workers.analysis.pages.mentions import unknown
from workers.analysis.structure.model import Module, public

SHOWN_MAX = 10


def problems(
    text: str, module: Module, document: Document, form: Format, words: frozenset[str] | None
) -> tuple[str, ...]:
    """What is wrong with a page as it was written, in sentences; () for nothing.

    It is read back from `text`: what is not found there would not be found by anybody. `words` are those of the code;
    None: the page says nothing but what the code itself says, true or not.
    """
    page = form.read(document.title, text)
    found = [*form.problems(document.title, text), *_ids(page, document), *_told(page, module)]
    if words is None:
        return tuple(found)
    prose = "\n".join(section.text for section in page.sections)
    return tuple(found + [f"it names {name}, which does not exist" for name in unknown(prose, module, words)])


def _ids(page: Existing, document: Document) -> Iterator[str]:
    """Every section of the document stands on the page, under its id, and no other."""
    wanted = [one.id for one in (document.overview, *document.more, *document.sections)]
    there = [one.id for one in page.sections]
    if missing := [one for one in wanted if one not in there]:
        yield f"sections are missing: {_listed(missing)}"
    fixed = {f"{document.slug}-{API}", f"{document.slug}-{LEFT_OUT}"}
    if strange := [one for one in there if one not in wanted and one not in fixed]:
        yield f"sections of nothing: {_listed(strange)}"
    if empty := [one.id for one in page.sections if not one.text.strip()]:
        yield f"sections without a word: {_listed(empty)}"


def _told(page: Existing, module: Module) -> Iterator[str]:
    there = list(dict.fromkeys(one.name for one in public(module)))
    told = {name for section in page.sections for name in section.symbols} | {
        one.symbol for one in page.left_out
    }
    if untold := [name for name in there if name not in told]:
        yield f"public and neither told nor left out: {_listed(untold)}"
    if invented := [name for name in sorted(told) if name not in there]:
        yield f"told, but not public or not there: {_listed(invented)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN_MAX} more" if len(names) > SHOWN_MAX else ""
    return ", ".join(names[:SHOWN_MAX]) + more
