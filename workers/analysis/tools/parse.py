"""What a parser could not make sense of in a file. Runs inside the jail."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.analysis.languages import Language
from workers.analysis.tools.protocol import Answer, Given, Seen

if TYPE_CHECKING:
    from ast_grep_py import SgNode

SEEN_MAX = 1_000
LANGUAGES = frozenset(Language)
"""ast-grep has a grammar for each, and panics at any other."""


def check(file: Given) -> Answer:
    """One statement a place: "error" for what fits nowhere, "missing" for what should be there, "refused" by Python."""
    from ast_grep_py import SgRoot

    if file.language not in LANGUAGES:
        return Answer(partial="there is no parser for it")
    nodes = _nodes(SgRoot(file.text, file.language).root())
    seen = [Seen(kind, line, line, "") for kind, line in map(_fault, nodes) if kind]
    if file.language == Language.PYTHON:
        seen += _refused(file.text)
    return Answer(tuple(seen[:SEEN_MAX]))


def _nodes(root: SgNode) -> Iterator[SgNode]:
    """Every node; deep trees are walked without recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children()


def _fault(node: SgNode) -> tuple[str, int]:
    kind, place = node.kind(), node.range()
    line = place.start.line + 1
    if kind == "ERROR":
        return "error", line
    # A token of the grammar without a text was put there by the parser to get on.
    if kind and place.start.index == place.end.index and node.is_leaf() and node.parent() is not None:
        return "missing", line
    return "", line


def _refused(text: str) -> list[Seen]:
    """Python's own word: the grammar forgives indentation that Python does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            return [Seen("refused", line, line, "")]
    return []
