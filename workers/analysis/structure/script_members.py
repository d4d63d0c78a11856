"""What stands inside a JavaScript or TypeScript class, interface or enumeration, and what functions take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs
from workers.analysis.structure.model import Function, Member, Parameter, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines

if TYPE_CHECKING:
    from ast_grep_py import SgNode

FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration", "function_signature"})
METHODS = frozenset({"method_definition", "method_signature", "abstract_method_signature"})
FIELDS = frozenset({"public_field_definition", "field_definition", "property_signature"})
ENTRIES = frozenset({"enum_assignment", "property_identifier"})
MEANT = frozenset({"arrow_function", "function_expression", "generator_function"})
"""Functions without a place of their own."""
PRIVATE_SIGNS = ("#", "_")


def members_of(body: SgNode, reading: Reading) -> Iterator[Member]:
    """The members of a type's body."""
    for node in reading.within(body):
        kind = node.kind()
        if kind == "ERROR":
            yield from members_of(node, reading)
        elif kind in METHODS:
            if reading.admits(node):
                yield method(node, reading)
                yield from _assigned(node, reading)
        elif kind in FIELDS:
            if reading.admits(node):
                yield _field(node, reading)
        elif (kind in ENTRIES or (kind == "string" and body.kind() == "enum_body")) and reading.admits(node):
            name = node.field("name") or node
            yield Value(
                reading.name(name).strip("\"'"), "member", *lines(node), docs=block_docs(node, reading)
            )


def method(node: SgNode, reading: Reading) -> Function:
    """A method of a class, an interface or an object."""
    made = function(node, node, reading, _visibility(node), _kind(node), "")
    return replace(made, overrides=True) if child(node, "override_modifier") is not None else made


def function(
    node: SgNode, outer: SgNode, reading: Reading, seen: Visibility, kind: str, usual: str
) -> Function:
    """A function however it is written; `usual` is its name where it has none of its own."""
    given = node.field("parameters")
    single = node.field("parameter") if given is None else None
    return Function(
        usual or reading.name(node.field("name")).strip("\"'") or "default",
        kind,
        *lines(outer, node),
        seen,
        block_docs(outer, reading),
        tuple(_parameters([single] if single is not None else _inside(given), reading)),
        _type_of(node.field("return_type"), reading),
    )


def _kind(node: SgNode) -> str:
    name = node.field("name")
    if name is not None and name.text() == "constructor":
        return "constructor"
    word = child(node, "get", "set")
    return "method" if word is None else "property" if word.kind() == "get" else "setter"


def _field(node: SgNode, reading: Reading) -> Member:
    value = node.field("value")
    seen = _visibility(node)
    name = reading.name(node.field("name") or node.field("property"))
    if value is not None and value.kind() in MEANT:
        return function(value, node, reading, seen, "method", name)
    said = _type_of(node.field("type"), reading)
    return Value(name, "field", *lines(node), seen, block_docs(node, reading), said, reading.code(value))


def _assigned(constructor: SgNode, reading: Reading) -> Iterator[Value]:
    """The parameters of a constructor that are fields, too: `constructor(public name: string)`."""
    for one in _inside(constructor.field("parameters")):
        if child(one, "accessibility_modifier", "readonly") is not None:
            name, said = reading.name(one.field("pattern")), _type_of(one.field("type"), reading)
            yield Value(name, "field", *lines(one), _visibility(one), "", said)


def _parameters(found: list[SgNode], reading: Reading) -> Iterator[Parameter]:
    for one in found[: reading.limits.parameters_max]:
        sort = one.kind()
        if sort == "identifier":
            yield Parameter(reading.code(one))
            continue
        if sort in ("comment", "ERROR", "decorator"):
            continue
        inner = one.field("pattern") or one.field("left") or one
        value = one.field("value") or one.field("right")
        rest = inner.kind() == "rest_pattern"
        yield Parameter(
            reading.code(inner).removeprefix("..."),
            _type_of(one.field("type"), reading),
            reading.code(value),
            "rest" if rest else "",
            optional=rest or value is not None or sort == "optional_parameter",
        )


def _type_of(annotation: SgNode | None, reading: Reading) -> str:
    return reading.code(annotation).removeprefix(":").strip() if annotation is not None else ""


def _inside(node: SgNode | None) -> list[SgNode]:
    return node.named_children() if node is not None else []


def visibility_of(node: SgNode, name: str) -> Visibility:
    """What a modifier says, else what the name does."""
    said = child(node, "accessibility_modifier")
    if said is not None and said.text() in ("private", "protected"):
        return Visibility(said.text())
    return Visibility.PRIVATE if name.startswith(PRIVATE_SIGNS) else Visibility.PUBLIC


def _visibility(node: SgNode) -> Visibility:
    name = node.field("name") or node.field("property")
    return visibility_of(node, name.text() if name is not None else "")
