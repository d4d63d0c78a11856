"""Kotlin files: public unless a word says otherwise; companions' members belong to their class."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs
from workers.analysis.structure.model import Function, Member, Module, Parameter, Type, Value, Visibility
from workers.analysis.structure.nodes import Parts, Reading, child, lines

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
    parts = Parts(node)
    name, body = reading.name(parts.one("type_identifier")), parts.one(*BODIES)
    own = tuple(_members(body, reading, name)) if body is not None else ()
    said = _said(parts)
    return Type(
        name,
        _kind(parts, kind, said),
        *lines(node),
        _visibility(said),
        block_docs(node, reading),
        tuple(_bases(parts, kind, reading)),
        (*_primary(parts, name, reading), *own),
    )


def _kind(parts: Parts, kind: str, said: Collection[str]) -> str:
    if kind == "type_alias":
        return "alias"
    found = next((sort for sort in ("object", "interface", "enum") if sort in parts), "")
    return found or ("annotation" if "annotation" in said else "class")


def _bases(parts: Parts, kind: str, reading: Reading) -> Iterator[str]:
    if kind == "type_alias":
        yield reading.code(parts.one(*TYPE_WORDS))
    for one in parts.all("delegation_specifier"):
        yield reading.code(one.find(kind="user_type") or one)


def _primary(parts: Parts, name: str, reading: Reading) -> Iterator[Member]:
    """What the head of a class declares: the constructor, and its parameters that are properties too."""
    head = parts.one("primary_constructor")
    if head is None:
        return
    inner = Parts(head)
    taken = [(one, Parts(one)) for one in inner.all("class_parameter")[: reading.limits.parameters_max]]
    parameters = [_parameter(each, each.after("="), "", reading) for _, each in taken]
    seen = Visibility.PRIVATE if "enum" in parts else _visibility(_said(inner))
    yield Function(name, "primary constructor", *lines(head), seen, parameters=tuple(parameters))
    for (one, each), parameter in zip(taken, parameters, strict=True):
        if "binding_pattern_kind" in each and reading.admits(one):
            yield Value(parameter.name, "field", *lines(one), _visibility(_said(each)), type=parameter.type)


def _function(node: SgNode, reading: Reading, owner: str) -> Function:
    parts = Parts(node)
    said = _said(parts)
    is_constructor = node.kind() == "secondary_constructor"
    usual = "method" if owner else "function"
    return Function(
        owner if is_constructor else reading.name(parts.one("simple_identifier")),
        "constructor" if is_constructor else usual,
        *lines(node),
        _visibility(said),
        block_docs(node, reading),
        tuple(_parameters(parts.one("function_value_parameters"), reading)),
        _type_of(parts, reading),
        reading.code(parts.one("receiver_type")),
        overrides="override" in said,
    )


def _parameters(node: SgNode | None, reading: Reading) -> Iterator[Parameter]:
    kind, found = "", [] if node is None else node.children()
    for number, one in enumerate(found[: 4 * reading.limits.parameters_max]):
        sort = one.kind()
        if sort == "parameter_modifiers":
            kind = "rest" if "vararg" in one.text().split() else ""
        elif sort == "parameter":
            has_default = number + 2 < len(found) and found[number + 1].kind() == "="
            yield _parameter(Parts(one), found[number + 2] if has_default else None, kind, reading)
            kind = ""


def _parameter(parts: Parts, default: SgNode | None, kind: str, reading: Reading) -> Parameter:
    return Parameter(
        reading.name(parts.one("simple_identifier")),
        _type_of(parts, reading),
        reading.code(default),
        kind,
        optional=default is not None or bool(kind),
    )


def _property(node: SgNode, reading: Reading, owner: str) -> Value | None:
    parts = Parts(node)
    declared = parts.one("variable_declaration")
    if declared is None:
        return None
    said, inner = _said(parts), Parts(declared)
    constant = "const" in said
    return Value(
        reading.name(inner.one("simple_identifier")),
        "constant" if constant else "field" if owner else "variable",
        *lines(node),
        _visibility(said),
        block_docs(node, reading),
        _type_of(inner, reading),
        reading.code(parts.after("=")) if constant else "",
    )


def _type_of(parts: Parts, reading: Reading) -> str:
    """The type behind the colon that follows a definition's name."""
    found = parts.after(":")
    return reading.code(found) if found is not None and found.kind() in TYPE_WORDS else ""


def _said(parts: Parts) -> Collection[str]:
    modifiers = parts.one("modifiers")
    if modifiers is None:
        return ()
    found = modifiers.children()
    return [one.text() for one in found if one.kind().endswith("_modifier")]


def _visibility(said: Collection[str]) -> Visibility:
    for word in said:
        if word in VISIBILITIES:
            return VISIBILITIES[word]
    return Visibility.PUBLIC
