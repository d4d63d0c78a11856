"""The formats of pages, one row each: how a page is written and read, where it stands, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.logseq import check as logseq
from workers.analysis.logseq.parse import parse
from workers.analysis.pages import as_logseq, as_markdown
from workers.analysis.pages.document import Document, Existing


@dataclass(frozen=True, slots=True)
class Format:
    """`write`, `read` (title, text), `place` (folder, title → path), `problems` (title, text → sentences)."""

    name: str
    write: Callable[[Document], str]
    read: Callable[[str, str], Existing]
    place: Callable[[str, str], str]
    problems: Callable[[str, str], Sequence[str]]


def _markdown_place(folder: str, title: str) -> str:
    return str(PurePosixPath(folder, f"{title}.md"))


def _logseq_place(folder: str, title: str) -> str:
    """Logseq keeps a namespace in the file's name."""
    return str(PurePosixPath(folder, "pages", f"{title.replace('/', '___')}.md"))


def _logseq_problems(title: str, text: str) -> Sequence[str]:
    return [f"line {one.line}: {one.why}" for one in logseq.problems(parse(title, text))]


def _markdown_problems(title: str, text: str) -> Sequence[str]:
    ids = [one.id for one in as_markdown.read(title, text).sections]
    return [f"the id {one} stands more than once" for one in dict.fromkeys(ids) if ids.count(one) > 1]


FORMATS: Mapping[str, Format] = {
    "markdown": Format("markdown", as_markdown.write, as_markdown.read, _markdown_place, _markdown_problems),
    "logseq": Format("logseq", as_logseq.write, as_logseq.read, _logseq_place, _logseq_problems),
}
