"""Nodes of a syntax tree as the readers of languages use them: short texts, lines, and what may still be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from workers.analysis.structure.model import Gap

if TYPE_CHECKING:
    from ast_grep_py import SgNode


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much of a file is taken into the model; what is beyond is said as a gap, or cut with "…"."""

    text_max_chars: int = 1_000_000
    members_max: int = 5_000
    depth_max_levels: int = 16
    docs_max_chars: int = 4_000
    code_max_chars: int = 300
    name_max_chars: int = 200
    parameters_max: int = 64
    gaps_max: int = 50


HEADS = frozenset(
    {"class", "interface", "object", "enum", "struct", "record", "namespace", "trait", "impl", "mod", "union"}
)
"""Words that begin a type."""


@dataclass(slots=True)
class Reading:
    """One file being read: what is left of its limits, and what had to be left out. `has_blocks`: "/**" stands in it."""

    limits: ReadLimits
    members_left: int
    has_blocks: bool = True
    gaps: list[Gap] = field(default_factory=list)
    depth: int = 0

    def admits(self, node: SgNode) -> bool:
        """Whether one more member may be read; the first that may not is a gap."""
        self.members_left -= 1
        if self.members_left == -1:
            self.leave_out(node, f"more than {self.limits.members_max:,} definitions")
        return self.members_left >= 0

    def within(self, node: SgNode) -> Iterator[SgNode]:
        """The children of `node`, one level deeper; none where that is too deep, or where what was not understood
        begins a type, whose members would be taken for somebody else's."""
        if self._enters(node):
            self.depth += 1
            yield from node.children()
            self.depth -= 1

    def pairs(self, node: SgNode) -> Iterator[tuple[SgNode, SgNode | None]]:
        """As `within`, each with the one behind it: the parser goes through all siblings to find a single one."""
        if self._enters(node):
            self.depth += 1
            found = node.children()
            yield from zip_longest(found, islice(found, 1, None))
            self.depth -= 1

    def _enters(self, node: SgNode) -> bool:
        if node.kind() == "ERROR" and any(one.kind() in HEADS for one in node.children()):
            return False
        if self.depth >= self.limits.depth_max_levels:
            self.leave_out(node, f"nested more than {self.limits.depth_max_levels} levels deep")
            return False
        return True

    def leave_out(self, node: SgNode, why: str) -> None:
        """Note that `node` is not in the model."""
        if len(self.gaps) < self.limits.gaps_max:
            self.gaps.append(Gap(*lines(node), why))

    def name(self, node: SgNode | None) -> str:
        """A name on one line without backquotes, at its limit."""
        if node is None:
            return ""
        text = node.text()[: self.limits.name_max_chars]
        return text if text.isidentifier() else " ".join(text.replace("`", "").split())

    def code(self, node: SgNode | None) -> str:
        """Code on one line, "…" for what is too long."""
        if node is None:
            return ""
        text, most = node.text(), self.limits.code_max_chars
        if len(text) <= most and text.isidentifier():
            return text
        if len(text) > 4 * most:
            return "…"
        text = " ".join(text.split())
        return text if len(text) <= most else text[: most - 1] + "…"


def lines(node: SgNode, last: SgNode | None = None) -> tuple[int, int]:
    """First and last line of `node`, or up to the end of `last`, from 1."""
    place = node.range()
    start, end = place.start.line, (place if last is None or last is node else last.range()).end
    last_line = end.line
    # what ends at a margin ended with the line before
    return start + 1, last_line + 1 if last_line == start or end.column else last_line


def child(node: SgNode, *kinds: str) -> SgNode | None:
    """The first child of one of `kinds`."""
    for one in node.children():
        if one.kind() in kinds:
            return one
    return None


class Parts:
    """The children of a node, gone through once. `one` is the first of a kind, `after` what follows it."""

    __slots__ = ("_at", "_children")

    def __init__(self, node: SgNode) -> None:
        self._children = node.children()
        self._at: dict[str, int] = {}
        for number, one in enumerate(self._children):
            self._at.setdefault(one.kind(), number)

    def __contains__(self, kind: str) -> bool:
        return kind in self._at

    def one(self, *kinds: str) -> SgNode | None:
        """The first child of the first of `kinds` that there is."""
        for kind in kinds:
            if (at := self._at.get(kind)) is not None:
                return self._children[at]
        return None

    def after(self, kind: str) -> SgNode | None:
        """What stands behind the first child of this kind."""
        at = self._at.get(kind, len(self._children)) + 1
        return self._children[at] if at < len(self._children) else None

    def all(self, kind: str) -> list[SgNode]:
        """Every child of this kind."""
        return [one for one in self._children if one.kind() == kind] if kind in self._at else []


def words(node: SgNode | None) -> frozenset[str]:
    """The words of a short node, e.g. its modifiers, without annotations' arguments."""
    if node is None:
        return frozenset()
    plain = (one for one in node.children() if "annotation" not in one.kind())
    return frozenset(one.text() for one in plain)
