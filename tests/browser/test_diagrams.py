"""What the real mermaid makes of our diagrams: every box with its path, every arrow, whatever the paths are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.chromium import MISSING, Chromium, found, must_be_there
from tests.browser.mermaid import Drawing, drawn, mermaid
from workers.domain.description import Diagram, Node
from workers.github.render.flowchart import LABEL_MAX_CHARS, flowchart
from workers.github.sanitise import Sanitiser

SANITISER = Sanitiser("")
NAMES = (
    'a "quoted" b', "a[b](c){d}<e>", "end", "subgraph", "click", "graph", "default", "日本/ф", "x\u202ey", "ﷺ 😀 e\u0301",
    "1. intro", "1.", "- dash", "* star", "# head", "> said", "__init__", "src/__tests__/a.js", "_x_", "**b**", "~~s~~",
    "`code`", "<b>x</b>", "&amp;", "#35;", "%%{init: {}}%%", "a--b", "-->", "---", "===", "o", "x", "...", "$x^2$",
    "fa:fa-car", "https://evil.example", "www.example.com", "@octo/all", '"]; click n0 "javascript:alert(1)"', "x" * 200,
    "\u2028", "٣. x", "a\\b", "a|b", "a;b", "a:::b", "\u200b",
)  # fmt: skip
MANY = 300


def _names() -> Diagram:
    nodes = tuple(Node(name, files=1 + place % 3) for place, name in enumerate(NAMES))
    return Diagram(nodes, tuple((place, 0) for place in range(1, len(nodes))))


def _many() -> Diagram:
    nodes = tuple(Node(f"package_{place}/module.py") for place in range(MANY))
    return Diagram(nodes, tuple((place, place // 2) for place in range(1, MANY)))


def _expected(diagram: Diagram) -> Drawing:
    """A browser shows no white space at the ends."""
    labels = (
        SANITISER.path(node.path, LABEL_MAX_CHARS) + (f" ({node.files} files)" if node.files > 1 else "")
        for node in diagram.nodes
    )
    return Drawing(tuple(label.strip() for label in labels), len(diagram.edges))


def _tools() -> tuple[Chromium, Path]:
    chromium, bundle = found(), mermaid()
    if chromium is None or isinstance(bundle, str):
        missing = bundle if isinstance(bundle, str) else MISSING
        assert not must_be_there(), missing
        pytest.skip(missing)
    return chromium, bundle


def test_mermaid_draws_what_we_mean(tmp_path: Path) -> None:
    """One test, because one start of the browser draws all."""
    chromium, bundle = _tools()
    diagrams = {"names": _names(), "many": _many()}
    told = {name: flowchart(one, SANITISER) for name, one in diagrams.items()}
    seen = drawn(chromium, bundle, told, tmp_path)
    for name, diagram in diagrams.items():
        wanted = _expected(diagram)
        wrong = [pair for pair in zip(wanted.labels, seen[name].labels, strict=False) if pair[0] != pair[1]]
        assert (seen[name].error, wrong, seen[name].arrows) == ("", [], wanted.arrows)
        assert len(seen[name].labels) == len(wanted.labels)
