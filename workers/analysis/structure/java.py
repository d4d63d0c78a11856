"""Java files: types with their members, nested ones included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs
from workers.analysis.structure.model import Function, Member, Module, Parameter, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines, words

if TYPE_CHECKING:
    from ast_grep_py import SgNode

TYPES = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "record_declaration": "record",
    "annotation_type_declaration": "annotation",
}
FUNCTIONS = {
    "method_declaration": "method",
    "constructor_declaration": "constructor",
    "annotation_type_element_declaration": "method",
}
FIELDS = frozenset({"field_declaration", "constant_declaration"})
OPEN = frozenset({"interface", "annotation"})
"""Whose members are public without a word."""
CONTAINERS = frozenset({"enum_body_declarations", "ERROR"})


def read(root: SgNode, reading: Reading) -> Module:
    """The file's package and types."""
    declared = child(root, "package_declaration")
    name = child(declared, "scoped_identifier", "identifier") if declared is not None else None
    return Module("", "", package=reading.name(name), members=tuple(_members(root, reading, "")))


def _members(body: SgNode, reading: Reading, around: str) -> Iterator[Member]:
    """`around` is the kind of the type that `body` belongs to."""
    for node in reading.within(body):
        kind = node.kind()
        if kind in CONTAINERS:
            yield from _members(node, reading, around)
        elif kind in FIELDS:
            yield from _fields(node, reading, around)
        elif (kind in TYPES or kind in FUNCTIONS or kind == "enum_constant") and reading.admits(node):
            yield _member(node, kind, reading, around)


def _member(node: SgNode, kind: str, reading: Reading, around: str) -> Member:
    if kind in TYPES:
        return _type(node, TYPES[kind], reading, around)
    if kind in FUNCTIONS:
        return _function(node, FUNCTIONS[kind], reading, around)
    return Value(
        reading.name(node.field("name")), "member", *lines(node), Visibility.PUBLIC, block_docs(node, reading)
    )


def _type(node: SgNode, kind: str, reading: Reading, around: str) -> Type:
    body = node.field("body")
    own = tuple(_members(body, reading, kind)) if body is not None else ()
    return Type(
        reading.name(node.field("name")),
        kind,
        *lines(node),
        _visibility(node, around),
        block_docs(node, reading),
        tuple(_bases(node, reading)),
        (*_components(node, reading), *own) if kind == "record" else own,
    )


def _bases(node: SgNode, reading: Reading) -> Iterator[str]:
    for clause in node.children():
        if clause.kind() in ("superclass", "super_interfaces", "extends_interfaces"):
            listed = child(clause, "type_list") or clause
            yield from (reading.code(one) for one in listed.children() if one.is_named())


def _components(node: SgNode, reading: Reading) -> Iterator[Member]:
    """What the head of a record declares: its fields and the constructor that takes them."""
    parameters = tuple(_parameters(node.field("parameters"), reading))
    place = lines(node)[0], lines(node)[0]
    yield Function(reading.name(node.field("name")), "primary constructor", *place, parameters=parameters)
    yield from (Value(one.name, "field", *place, type=one.type) for one in parameters)


def _function(node: SgNode, kind: str, reading: Reading, around: str) -> Function:
    return Function(
        reading.name(node.field("name")),
        kind,
        *lines(node),
        _visibility(node, around),
        block_docs(node, reading),
        tuple(_parameters(node.field("parameters"), reading)),
        reading.code(node.field("type")),
        overrides=_overrides(child(node, "modifiers")),
    )


def _overrides(modifiers: SgNode | None) -> bool:
    found = modifiers.children() if modifiers is not None else ()
    return any(one.kind() == "marker_annotation" and one.text() == "@Override" for one in found)


def _parameters(node: SgNode | None, reading: Reading) -> Iterator[Parameter]:
    found = node.children() if node is not None else []
    for one in found[: 2 * reading.limits.parameters_max]:  # every second is a comma
        if one.kind() == "formal_parameter":
            yield Parameter(reading.name(one.field("name")), reading.code(one.field("type")))
        elif one.kind() == "spread_parameter":
            named = child(one, "variable_declarator")
            said = next(
                (each for each in one.children() if each.is_named() and each.kind() != "modifiers"), None
            )
            name = reading.name(named.field("name")) if named is not None else ""
            yield Parameter(name, reading.code(said), kind="rest", optional=True)


def _fields(node: SgNode, reading: Reading, around: str) -> Iterator[Value]:
    said = words(child(node, "modifiers"))
    kind = "constant" if around in OPEN or {"static", "final"} <= said else "field"
    for one in node.children():
        if one.kind() == "variable_declarator" and reading.admits(one):
            yield Value(
                reading.name(one.field("name")),
                kind,
                *lines(node),
                _visibility(node, around),
                block_docs(node, reading),
                reading.code(node.field("type")),
                reading.code(one.field("value")) if kind == "constant" else "",
            )


def _visibility(node: SgNode, around: str) -> Visibility:
    said = words(child(node, "modifiers"))
    for one in (Visibility.PUBLIC, Visibility.PROTECTED, Visibility.PRIVATE):
        if one.value in said:
            return one
    return Visibility.PUBLIC if around in OPEN else Visibility.PACKAGE
