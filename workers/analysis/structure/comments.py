"""Documentation comments: those right before a definition, without their signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workers.analysis.structure.nodes import Reading

if TYPE_CHECKING:
    from ast_grep_py import SgNode

DIRECTIVE = re.compile(r"//(?:go:|nolint|line |export )")
"""Go's words to its tools, which are no documentation."""
COMMENTS = frozenset({"comment", "block_comment", "line_comment", "multiline_comment"})


def block_docs(node: SgNode, reading: Reading) -> str:
    """The text of the "/** … */" before `node`, "" without one. Decorators may stand between."""
    before = node.prev() if reading.has_blocks else None
    while before is not None and before.kind() in ("decorator", "line_comment"):
        before = before.prev()
    if before is None or before.kind() not in COMMENTS:
        return ""
    return block_text(before, reading)


def block_text(comment: SgNode, reading: Reading) -> str:
    """The text of a "/** … */"; "" of any other comment."""
    text = comment.text()
    if not text.startswith("/**") or len(text) < len("/***/"):
        return ""
    stripped = (line.strip().removeprefix("*").strip() for line in text[3:-2].split("\n"))
    return cut("\n".join(stripped).strip(), reading)


def line_docs(node: SgNode, reading: Reading, signs: str = "//") -> str:
    """The run of line comments that ends on the line before `node`."""
    found: list[str] = []
    line, before = node.range().start.line, node.prev()
    left = reading.limits.docs_max_chars
    while before is not None and before.kind() in COMMENTS and left > 0:
        place = before.range()
        if place.end.line != line - 1 or not (text := before.text()).startswith(signs):
            break
        if not DIRECTIVE.match(text):
            found.append(text.removeprefix(signs).removeprefix(" ").rstrip())
        left -= len(text)
        line, before = place.start.line, before.prev()
    return cut("\n".join(reversed(found)).strip(), reading)


def cut(text: str, reading: Reading) -> str:
    """`text` at the limit of documentation."""
    most = reading.limits.docs_max_chars
    return text if len(text) <= most else text[: most - 1] + "…"
