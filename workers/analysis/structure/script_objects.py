"""JavaScript without declarations: objects that hold functions, what is assigned to `exports` or to a type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs
from workers.analysis.structure.exports import WHOLE, assignment, exported_name
from workers.analysis.structure.model import Function, Member, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines
from workers.analysis.structure.script_members import MEANT, function, method, visibility_of
from workers.analysis.structure.script_types import own_name, type_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

HELD = MEANT | {"class"}
"""What makes an object more than data."""
DATA_MAX_LEVELS = 3
NO_OWNERS = frozenset({"this", "window", "globalThis", "self", "module", "exports"})
NO_VALUES = frozenset({"identifier", "assignment_expression"})


def assigned(statement: SgNode, reading: Reading) -> Iterator[Member]:
    """CommonJS, `exports.name = …` and `module.exports = …`; and `Type.prototype.name = function …`, whose receiver
    is the type. Of several targets in a row the first that exports is meant."""
    target, value = assignment(child(statement, "assignment_expression"), reading)
    if value is None or not target:
        return
    kind, name = value.kind(), exported_name(target)
    if target in WHOLE and kind == "object":
        yield from _exported(value, reading)
    elif (name or target in WHOLE) and kind not in NO_VALUES:
        yield from _named(value, statement, name or "default", reading)
    elif kind in MEANT and not name and (owner := _owner(target)) and reading.admits(statement):
        own = target.rpartition(".")[2]
        made = function(value, statement, reading, Visibility.PRIVATE, "method", own)
        yield replace(made, receiver=owner)


def object_of(node: SgNode, outer: SgNode, reading: Reading, seen: Visibility, name: str) -> Type | None:
    """An object that holds functions or classes, also further in; None for one of data alone."""
    if not _holds(node):
        return None
    place, docs = lines(outer, node), block_docs(outer, reading)
    return Type(name, "object", *place, seen, docs, (), tuple(_members(node, reading)))


def _named(value: SgNode, statement: SgNode, name: str, reading: Reading) -> Iterator[Member]:
    """What is exported under one name; "default" gives way to a name of its own."""
    if name == "__esModule" or value.text() == "void 0" or not reading.admits(statement):
        return
    kind, seen = value.kind(), Visibility.PUBLIC
    known = own_name(value, reading) if name == "default" and kind in HELD else ""
    if kind == "class":
        yield type_of(value, statement, reading, seen, known or name)
    elif kind in MEANT:
        yield function(value, statement, reading, seen, "function", known or name)
    elif kind == "object" and (held := object_of(value, statement, reading, seen, name)) is not None:
        yield held
    elif name != "default":
        docs, code = block_docs(statement, reading), reading.code(value)
        yield Value(name, "constant", *lines(statement), seen, docs, "", code)


def _exported(node: SgNode, reading: Reading) -> Iterator[Member]:
    """The members of `module.exports = {…}` as the module's own; plain names are those of definitions elsewhere."""
    for one in _members(node, reading):
        if isinstance(one, Function):
            yield replace(one, kind="function" if one.kind == "method" else one.kind)
        elif isinstance(one, Type):
            yield one
        elif one.kind != "field" or not one.default.isidentifier():
            yield replace(one, kind="constant")


def _members(node: SgNode, reading: Reading) -> Iterator[Member]:
    for one in reading.within(node):
        kind = one.kind()
        if kind == "method_definition":
            if reading.admits(one):
                yield method(one, reading)
        elif kind == "pair" and (value := one.field("value")) is not None and reading.admits(one):
            yield _pair(one, value, reading)


def _pair(pair: SgNode, value: SgNode, reading: Reading) -> Member:
    name, kind = reading.name(pair.field("key")).strip("\"'"), value.kind()
    seen = visibility_of(pair, name)
    if kind in MEANT:
        return function(value, pair, reading, seen, "method", name)
    if kind == "class":
        return type_of(value, pair, reading, seen, name)
    held = object_of(value, pair, reading, seen, name) if kind == "object" else None
    return held or Value(
        name, "field", *lines(pair), seen, block_docs(pair, reading), "", reading.code(value)
    )


def _holds(node: SgNode, levels: int = DATA_MAX_LEVELS) -> bool:
    return levels > 0 and any(
        one.kind() == "method_definition"
        or (
            one.kind() == "pair"
            and (value := one.field("value")) is not None
            and (value.kind() in HELD or (value.kind() == "object" and _holds(value, levels - 1)))
        )
        for one in node.children()
    )


def _owner(target: str) -> str:
    """`Box` of `Box.prototype.lift` and `Box.lift`; "" of other targets."""
    parts = target.split(".")
    plain = all(part.isidentifier() for part in parts) and parts[0] not in NO_OWNERS
    if len(parts) == 2 or (len(parts) == 3 and parts[1] == "prototype"):
        return parts[0] if plain else ""
    return ""
