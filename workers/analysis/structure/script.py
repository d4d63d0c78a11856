"""JavaScript and TypeScript modules: what is exported, whichever way it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs, block_text
from workers.analysis.structure.exports import exported_name, exports
from workers.analysis.structure.model import Function, Member, Module, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines
from workers.analysis.structure.patterns import bound
from workers.analysis.structure.script_members import FUNCTIONS, function, members_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

TYPES = {
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "class": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "type_alias_declaration": "alias",
    "internal_module": "namespace",
    "module": "namespace",
}
VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
MEANT = frozenset({"arrow_function", "function_expression", "generator_function"})


def read(root: SgNode, reading: Reading) -> Module:
    """The module's opening comment and members; those that `export { … }` or CommonJS names are public too."""
    named = exports(root, reading)
    members = tuple(_exported(one, named) for one in _members(root, reading))
    return Module("", "", docs=_docs(root, reading), members=members)


def _exported(member: Member, named: Mapping[str, str]) -> Member:
    """`member` as others know it."""
    if member.name not in named:
        return member
    return replace(member, name=named[member.name], visibility=Visibility.PUBLIC)


def _docs(root: SgNode, reading: Reading) -> str:
    """A comment at the top that belongs to no definition: an empty line, an import or another comment follows."""
    first = root.child(0)
    if first is not None and first.kind() == "hash_bang_line":
        first = first.next()
    after = first.next() if first is not None else None
    if first is None or first.kind() != "comment":
        return ""
    apart = after is None or after.kind() in ("import_statement", "comment")
    apart = apart or (after is not None and after.range().start.line > first.range().end.line + 1)
    return block_text(first, reading) if apart else ""


def _members(body: SgNode, reading: Reading) -> Iterator[Member]:
    for node in reading.within(body):
        if node.kind() == "export_statement":
            yield from _export(node, reading)
        else:
            yield from _declared(node, node, reading, Visibility.PRIVATE, "")


def _export(node: SgNode, reading: Reading) -> Iterator[Member]:
    usual = "default" if child(node, "default") is not None else ""
    declared = node.field("declaration") or node.field("value") or child(node, *TYPES, *MEANT)
    if declared is not None:
        yield from _declared(declared, node, reading, Visibility.PUBLIC, usual)


def _declared(
    node: SgNode, outer: SgNode, reading: Reading, seen: Visibility, usual: str
) -> Iterator[Member]:
    """`outer` is the whole statement, before which its comment stands; `usual` the name of what has none."""
    kind = node.kind()
    if kind == "expression_statement":
        yield from _assigned(node, reading)
    if kind in ("ambient_declaration", "expression_statement", "ERROR"):
        inner = [
            one for one in node.children() if one.kind() in TYPES or one.kind() in (*FUNCTIONS, *VARIABLES)
        ]
        seen = Visibility.PUBLIC if kind == "ambient_declaration" else seen
        for one in inner:
            yield from _declared(one, outer, reading, seen, usual)
    elif kind in VARIABLES:
        yield from _variables(node, outer, reading, seen)
    elif kind in TYPES and reading.admits(node):
        yield _type(node, outer, reading, seen, usual)
    elif (kind in FUNCTIONS or (usual and kind in MEANT)) and reading.admits(node):
        yield function(node, outer, reading, seen, "function", usual)


def _assigned(statement: SgNode, reading: Reading) -> Iterator[Member]:
    """CommonJS: `exports.name = function …`."""
    assignment = child(statement, "assignment_expression")
    left, right = (
        (assignment.field("left"), assignment.field("right")) if assignment is not None else (None, None)
    )
    if left is None or right is None or not (right.kind() in MEANT or right.kind() == "class"):
        return
    name = exported_name(reading.code(left))
    if not name or not reading.admits(statement):
        return
    if right.kind() == "class":
        yield replace(_type(right, statement, reading, Visibility.PUBLIC, name), name=name)
    else:
        yield function(right, statement, reading, Visibility.PUBLIC, "function", name)


def _type(node: SgNode, outer: SgNode, reading: Reading, seen: Visibility, usual: str) -> Type:
    kind, body = TYPES[node.kind()], node.field("body")
    name = reading.name(node.field("name")).strip("\"'") or usual
    alias = reading.code(node.field("value")) if kind == "alias" else ""
    return Type(
        name,
        kind,
        *lines(outer, node),
        seen,
        block_docs(outer, reading),
        (alias,) if alias else tuple(_bases(node, reading)),
        ()
        if body is None
        else tuple(_members(body, reading) if kind == "namespace" else members_of(body, reading)),
    )


def _bases(node: SgNode, reading: Reading) -> Iterator[str]:
    heritage = child(node, "class_heritage", "extends_type_clause")
    if heritage is None:
        return
    clauses = [one for one in heritage.children() if one.kind().endswith("_clause")] or [heritage]
    for clause in clauses:
        yield from (reading.code(one) for one in clause.children() if one.is_named())


def _variables(node: SgNode, outer: SgNode, reading: Reading, seen: Visibility) -> Iterator[Member]:
    kind = "constant" if child(node, "const") is not None else "variable"
    for one in node.children():
        name = one.field("name") if one.kind() == "variable_declarator" else None
        if name is not None and name.kind() == "identifier":
            if reading.admits(one):
                yield _variable(one, one.field("value"), outer, reading, seen, kind)
            continue
        for part in bound(name):
            if reading.admits(part):
                yield Value(reading.name(part), kind, *lines(outer, node), seen, block_docs(outer, reading))


def _variable(
    node: SgNode, value: SgNode | None, outer: SgNode, reading: Reading, seen: Visibility, kind: str
) -> Function | Type | Value:
    name = reading.name(node.field("name"))
    if value is not None and value.kind() in MEANT:
        return function(value, outer, reading, seen, "function", name)
    if value is not None and value.kind() == "class":
        return replace(_type(value, outer, reading, seen, name), name=name)
    said = node.field("type")
    return Value(
        name,
        kind,
        *lines(outer, node),
        seen,
        block_docs(outer, reading),
        reading.code(said).removeprefix(":").strip(),
        reading.code(value),
    )
