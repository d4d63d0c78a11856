"""Comments as a browser shows them: Markdown as GitHub reads it, in a column of its width, measured by the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from tests.browser.chromium import Chromium

HERE = Path(__file__).parent
_TOLD = re.compile(r'<script type="application/json" id="measured">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """One comment in the browser.

    `lines` are line boxes with all folds closed, `out` what sticks out of its column or scrolls sideways, `open_out`
    the same with all folds open (code and tables may scroll then), `contrast` the poorest ratio of text to background.
    """

    name: str
    lines: int
    out: int
    open_out: int
    contrast: float


def html(markdown: str) -> str:
    """As GitHub renders a comment: tables, struck text, HTML kept, each line end a break."""
    reader = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable(["table", "strikethrough"])
    return str(reader.render(markdown))


def page(bodies: Mapping[str, str], themes: Iterable[str] = ("light", "dark")) -> str:
    """A page with each of `bodies`, by name, in each theme."""
    style = (HERE / "comment.css").read_text(encoding="utf-8")
    articles = [
        f'<article class="{theme}" id="{escape(name)} {theme}">{html(body)}</article>'
        for theme in themes
        for name, body in bodies.items()
    ]
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style><body>{"".join(articles)}'


def looks(chromium: Chromium, bodies: Mapping[str, str], folder: Path) -> list[Look]:
    """All `bodies` in light and dark, measured in one start of the browser."""
    script = (HERE / "measure.js").read_text(encoding="utf-8")
    target = folder / "comments.html"
    target.write_text(f"{page(bodies)}<script>{script}</script>", encoding="utf-8", errors="replace")
    told = _TOLD.search(chromium.dom(target))
    if told is None:
        raise ValueError("the browser has measured nothing")
    return [Look(**row) for row in json.loads(told[1])]
