"""Rust's types, functions and values, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.analysis.structure.model import Function, Parameter, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines
from workers.analysis.structure.rust_docs import Item, items

if TYPE_CHECKING:
    from ast_grep_py import SgNode


def visibility(item: Item, usual: Visibility) -> Visibility:
    """Who may use it; `usual` is what it has without a word. What is hidden from documentation is not for everybody."""
    if item.attributes and item.has("doc(hidden)"):
        return Visibility.PACKAGE
    first = item.node.child(0)
    return said(first) if first is not None and first.kind() == "visibility_modifier" else usual


def said(modifier: SgNode) -> Visibility:
    """What `pub`, `pub(crate)`, `pub(self)` … mean."""
    return {"pub": Visibility.PUBLIC, "pub(self)": Visibility.PRIVATE}.get(
        modifier.text(), Visibility.PACKAGE
    )


def function(item: Item, reading: Reading, usual: Visibility) -> Function:
    """A function with or without a body."""
    node = item.node
    return Function(
        reading.name(node.field("name")),
        "function",
        *item.place,
        visibility(item, usual),
        item.docs(reading),
        tuple(_parameters(node.field("parameters"), reading)),
        reading.code(node.field("return_type")),
    )


def macro(item: Item, reading: Reading) -> Function:
    """A macro, under its name with the sign that it is called with; its patterns are no parameters."""
    name = reading.name(item.node.field("name"))
    seen = Visibility.PUBLIC if item.has("macro_export") else Visibility.PRIVATE
    return Function(f"{name}!", "function", *item.place, seen, item.docs(reading))


def value(item: Item, reading: Reading, usual: Visibility) -> Value:
    """A constant or static; one that may be written to is a variable."""
    node = item.node
    return Value(
        reading.name(node.field("name")),
        "variable" if child(node, "mutable_specifier") is not None else "constant",
        *item.place,
        visibility(item, usual),
        item.docs(reading),
        reading.code(node.field("type")),
        reading.code(node.field("value")),
    )


def alias(item: Item, reading: Reading, usual: Visibility) -> Type:
    """`type Name = …`, also without its right side."""
    meant = reading.code(item.node.field("type"))
    name, seen = reading.name(item.node.field("name")), visibility(item, usual)
    return Type(name, "alias", *item.place, seen, item.docs(reading), (meant,) if meant else ())


def fields(body: SgNode | None, reading: Reading) -> Iterator[Value]:
    """The fields of a struct or union, those of a tuple under their numbers."""
    if body is not None and body.kind() == "ordered_field_declaration_list":
        yield from _numbered(body, reading)
        return
    for item in items(reading.within(body)) if body is not None else ():
        if item.kind == "field_declaration" and reading.admits(item.node):
            node = item.node
            name, held = reading.name(node.field("name")), reading.code(node.field("type"))
            seen = visibility(item, Visibility.PRIVATE)
            yield Value(name, "field", *item.place, seen, item.docs(reading), held)


def variants(body: SgNode | None, reading: Reading) -> Iterator[Value]:
    """The members of an enumeration; what one holds is its type, its number its default."""
    for item in items(reading.within(body)) if body is not None else ():
        if item.kind == "enum_variant" and reading.admits(item.node):
            node = item.node
            name, held = reading.name(node.field("name")), reading.code(node.field("body"))
            docs, number = item.docs(reading), reading.code(node.field("value"))
            yield Value(name, "member", *item.place, Visibility.PUBLIC, docs, held, number)


def traits(node: SgNode | None, reading: Reading) -> Iterator[str]:
    """The bounds behind a trait's colon, without lifetimes."""
    for one in node.children() if node is not None else ():
        if one.is_named() and one.kind() != "lifetime":
            yield reading.code(one)


def _numbered(body: SgNode, reading: Reading) -> Iterator[Value]:
    number, seen = 0, Visibility.PRIVATE
    for item in items(reading.within(body)):
        if item.kind == "visibility_modifier":
            seen = said(item.node)
        elif item.node.is_named() and reading.admits(item.node):
            docs, held = item.docs(reading), reading.code(item.node)
            yield Value(str(number), "field", *lines(item.node), seen, docs, held)
            number, seen = number + 1, Visibility.PRIVATE


def _parameters(node: SgNode | None, reading: Reading) -> Iterator[Parameter]:
    """What callers give besides the value itself: `self` is no parameter of a method."""
    found = node.children() if node is not None else []
    for one in found[: 2 * reading.limits.parameters_max]:  # every second is a comma
        if one.kind() == "variadic_parameter":
            yield Parameter("_", "", "", "rest", optional=True)
        elif one.kind() == "parameter" and (name := reading.code(one.field("pattern"))) != "self":
            yield Parameter(name, reading.code(one.field("type")))
