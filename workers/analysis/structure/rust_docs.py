"""What stands before an item of Rust: its `///` comments and attributes, wherever other comments stand between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_text, cut
from workers.analysis.structure.nodes import Reading, lines

if TYPE_CHECKING:
    from ast_grep_py import SgNode

COMMENTS = frozenset({"line_comment", "block_comment"})


@dataclass(frozen=True, slots=True)
class Item:
    """A node with the comments and attributes that belong to it, in their order."""

    node: SgNode
    kind: str
    comments: Sequence[SgNode]
    attributes: Sequence[SgNode]

    @property
    def place(self) -> tuple[int, int]:
        """Its lines, from its first attribute on."""
        return lines(self.attributes[0], self.node) if self.attributes else lines(self.node)

    def docs(self, reading: Reading) -> str:
        """The text of its `///` and `/** … */`."""
        return _text((_outer(one, reading) for one in self.comments), reading) if self.comments else ""

    def has(self, attribute: str) -> bool:
        """Whether `attribute` stands in one of its attributes, as written."""
        return any(attribute in one.text() for one in self.attributes)


def items(nodes: Iterable[SgNode]) -> Iterator[Item]:
    """Every node that is neither comment nor attribute, with those before it."""
    comments: list[SgNode] = []
    attributes: list[SgNode] = []
    for node in nodes:
        kind = node.kind()
        if kind in COMMENTS:
            comments.append(node)
        elif kind == "attribute_item":
            attributes.append(node)
        else:
            yield Item(node, kind, comments, attributes)
            comments, attributes = [], []


def inner_docs(body: SgNode, reading: Reading) -> str:
    """The `//!` at the beginning of a file or module."""
    found = list[str | None]()
    for node in body.children():
        if node.kind() in COMMENTS:
            text = node.text()
            found.append(_line(text) if text.startswith("//!") else None)
        elif node.kind() not in ("{", "inner_attribute_item", "shebang"):
            break
    return _text(found, reading)


def _outer(comment: SgNode, reading: Reading) -> str | None:
    """What a comment says of the item behind it; None for one that is no documentation."""
    text = comment.text()
    if text.startswith("/**"):
        return block_text(comment, reading) or None
    return _line(text) if text.startswith("///") and not text.startswith("////") else None


def _line(text: str) -> str:
    return text[3:].removeprefix(" ").rstrip()


def _text(parts: Iterable[str | None], reading: Reading) -> str:
    return cut("\n".join(one for one in parts if one is not None).strip(), reading)
