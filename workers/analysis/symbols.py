"""Definitions of a file in one flat list: the view of its structure for those who ask what stands around a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.structure.model import Module, Named, Type, Value, named

FUNCTION, METHOD, TYPE = "function", "method", "type"
UNASKED = frozenset({"alias", "namespace", "primary constructor"})
"""Kinds that nobody speaks of apart from what they stand for, or in."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One definition, as its own file calls it, on lines `start..end`. `kind` is "function", "method" or "type".

    `owner` is the type around it, or that it is declared for. `has_doc`: documentation, or else a comment, stands with
    it. `overrides`: what it does is agreed elsewhere, see `structure.model.Function`.
    """

    name: str
    kind: str
    start: int
    end: int
    public: bool
    has_doc: bool
    owner: str = ""
    overrides: bool = False

    @property
    def full_name(self) -> str:
        """ "Owner.name", or just the name."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


def definitions(module: Module, text: str) -> Iterator[Symbol]:
    """The functions and types of a module, owners before what they own; `text` is what it was read from. What stands
    inside functions has no part in it: nobody documents or tests that by name."""
    lines, every = text.split("\n"), tuple(named(module))
    public = frozenset(one.name for one in every if one.shown)
    for one in every:
        if not isinstance(one.member, Value) and one.member.kind not in UNASKED:
            yield _symbol(one, lines, public=one.name in public)


def enclosing(
    symbols: Sequence[Symbol], line: int, kinds: Sequence[str] = (FUNCTION, METHOD)
) -> Symbol | None:
    """The innermost of `symbols` of these kinds around `line`."""
    around = [symbol for symbol in symbols if symbol.kind in kinds and symbol.start <= line <= symbol.end]
    return min(around, key=lambda symbol: symbol.end - symbol.start, default=None)


def _symbol(one: Named, lines: Sequence[str], *, public: bool) -> Symbol:
    """A setter is as public as its property, under whose name it stands."""
    member, owner, name = one.member, one.owner, one.member.local or one.member.name
    has_doc = bool(member.docs) or _remarked(lines, member.start)
    if isinstance(member, Type):
        return Symbol(name, TYPE, member.start, member.end, public, has_doc, owner)
    kind = METHOD if owner else FUNCTION
    overrides = not isinstance(member, Value) and member.overrides
    return Symbol(name, kind, member.start, member.end, public, has_doc, owner, overrides)


def _remarked(lines: Sequence[str], start: int) -> bool:
    """Whether a comment that is no documentation by its form ends right before."""
    before = lines[start - 2].strip() if start >= 2 else ""
    return before.startswith("//") or before.endswith("*/")
