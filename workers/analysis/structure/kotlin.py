"""Kotlin files: public unless a word says otherwise; companions' members belong to their class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs
from workers.analysis.structure.model import Function, Member, Module, Parameter, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines

if TYPE_CHECKING:
    from ast_grep_py import SgNode

BODIES = ("class_body", "enum_class_body")
TYPES = frozenset({"class_declaration", "object_declaration", "type_alias"})
TYPE_WORDS = frozenset(
    {"user_type", "nullable_type", "function_type", "parenthesized_type", "non_nullable_type", "dynamic"}
)
VISIBILITIES = {
    "private": Visibility.PRIVATE,
    "protected": Visibility.PROTECTED,
    "internal": Visibility.PACKAGE,
    "public": Visibility.PUBLIC,
}


def read(root: SgNode, reading: Reading) -> Module:
    """The file's package and members."""
    header = child(root, "package_header")
    name = child(header, "identifier") if header is not None else None
    return Module("", "", package=reading.name(name), members=tuple(_members(root, reading, "")))


def _members(body: SgNode, reading: Reading, owner: str) -> Iterator[Member]:
    for node in reading.within(body):
        kind = node.kind()
        if kind == "ERROR":
            yield from _members(node, reading, owner)
        elif kind == "companion_object":
            inner = child(node, *BODIES)
            yield from _members(inner, reading, owner) if inner is not None else ()
        elif (member := _member(node, kind, reading, owner)) is not None:
            yield member


def _member(node: SgNode, kind: str, reading: Reading, owner: str) -> Member | None:
    if kind in TYPES:
        return _type(node, kind, reading) if reading.admits(node) else None
    if kind in ("function_declaration", "secondary_constructor"):
        return _function(node, reading, owner) if reading.admits(node) else None
    if kind == "property_declaration":
        return _property(node, reading, owner) if reading.admits(node) else None
    if kind == "enum_entry" and reading.admits(node):
        name = reading.name(child(node, "simple_identifier"))
        return Value(name, "member", *lines(node), docs=block_docs(node, reading))
    return None


def _type(node: SgNode, kind: str, reading: Reading) -> Type:
    name, body = reading.name(child(node, "type_identifier")), child(node, *BODIES)
    own = tuple(_members(body, reading, name)) if body is not None else ()
    return Type(
        name,
        _kind(node, kind),
        *lines(node),
        _visibility(node),
        block_docs(node, reading),
        tuple(_bases(node, kind, reading)),
        (*_primary(node, name, reading), *own),
    )


def _kind(node: SgNode, kind: str) -> str:
    if kind == "type_alias":
        return "alias"
    said = {one.kind() for one in node.children()}
    sorts = ("object", "interface", "enum")
    found = next((sort for sort in sorts if sort in said), "")
    return found or ("annotation" if "annotation" in _said(node) else "class")


def _bases(node: SgNode, kind: str, reading: Reading) -> Iterator[str]:
    if kind == "type_alias":
        yield reading.code(child(node, *TYPE_WORDS))
    for one in node.children():
        if one.kind() == "delegation_specifier":
            yield reading.code(one.find(kind="user_type") or one)


def _primary(node: SgNode, name: str, reading: Reading) -> Iterator[Member]:
    """What the head of a class declares: the constructor, and its parameters that are properties too."""
    head = child(node, "primary_constructor")
    if head is None:
        return
    taken = [one for one in head.children() if one.kind() == "class_parameter"]
    taken = taken[: reading.limits.parameters_max]
    yield Function(
        name,
        "constructor",
        *lines(head),
        Visibility.PRIVATE if child(node, "enum") is not None else _visibility(head),
        parameters=tuple(_parameter(one, one, "", reading) for one in taken),
    )
    for one in taken:
        if child(one, "binding_pattern_kind") is not None and reading.admits(one):
            parameter = _parameter(one, one, "", reading)
            yield Value(parameter.name, "field", *lines(one), _visibility(one), type=parameter.type)


def _function(node: SgNode, reading: Reading, owner: str) -> Function:
    is_constructor = node.kind() == "secondary_constructor"
    name = owner if is_constructor else reading.name(child(node, "simple_identifier"))
    usual = "method" if owner else "function"
    return Function(
        name,
        "constructor" if is_constructor else usual,
        *lines(node),
        _visibility(node),
        block_docs(node, reading),
        tuple(_parameters(child(node, "function_value_parameters"), reading)),
        reading.code(_after_colon(node)),
        reading.code(child(node, "receiver_type")),
    )


def _parameters(node: SgNode | None, reading: Reading) -> Iterator[Parameter]:
    kind, found = "", [] if node is None else node.children()
    for number, one in enumerate(found[: 4 * reading.limits.parameters_max]):
        if one.kind() == "parameter_modifiers":
            kind = "rest" if "vararg" in one.text().split() else ""
        elif one.kind() == "parameter":
            has_default = number + 2 < len(found) and found[number + 1].kind() == "="
            yield _parameter(one, found[number + 2] if has_default else None, kind, reading)
            kind = ""


def _parameter(node: SgNode, default: SgNode | None, kind: str, reading: Reading) -> Parameter:
    """`default` is the node itself for a class's parameter, which holds its default."""
    value = _after(node, "=") if default is node else default
    return Parameter(
        reading.name(child(node, "simple_identifier")),
        reading.code(_after_colon(node)),
        reading.code(value),
        kind,
        optional=value is not None or bool(kind),
    )


def _property(node: SgNode, reading: Reading, owner: str) -> Value | None:
    declared = child(node, "variable_declaration")
    if declared is None:
        return None
    constant = "const" in _said(node)
    return Value(
        reading.name(child(declared, "simple_identifier")),
        "constant" if constant else "field" if owner else "variable",
        *lines(node),
        _visibility(node),
        block_docs(node, reading),
        reading.code(_after_colon(declared)),
        reading.code(_after(node, "=")) if constant else "",
    )


def _after_colon(node: SgNode) -> SgNode | None:
    """The type behind the colon that follows a definition's name."""
    found = _after(node, ":")
    return found if found is not None and found.kind() in TYPE_WORDS else None


def _after(node: SgNode, sign: str) -> SgNode | None:
    children = node.children()
    at = next((number for number, one in enumerate(children) if one.kind() == sign), len(children))
    return children[at + 1] if at + 1 < len(children) else None


def _said(node: SgNode) -> frozenset[str]:
    modifiers = child(node, "modifiers")
    found = modifiers.children() if modifiers is not None else []
    return frozenset(one.text() for one in found if one.kind().endswith("_modifier"))


def _visibility(node: SgNode) -> Visibility:
    return next((VISIBILITIES[word] for word in _said(node) if word in VISIBILITIES), Visibility.PUBLIC)
