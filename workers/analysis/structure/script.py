"""JavaScript and TypeScript modules: what is exported, whichever way it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs, block_text
from workers.analysis.structure.exports import BRANCHES, exporting, exports, opens
from workers.analysis.structure.model import Function, Member, Module, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines
from workers.analysis.structure.patterns import bound
from workers.analysis.structure.script_members import FUNCTIONS, MEANT, function
from workers.analysis.structure.script_objects import assigned, object_of
from workers.analysis.structure.script_types import NAMESPACE, TYPES, own_name, type_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
DECLARING = VARIABLES | FUNCTIONS | TYPES.keys()
HOLDING = frozenset({"ambient_declaration", "expression_statement", "ERROR"})
STATEMENTS = DECLARING | HOLDING
"""Those that may hold definitions."""


def read(root: SgNode, reading: Reading) -> Module:
    """The module's opening comment and members; those that `export { … }` or CommonJS names are public too."""
    statements = tuple(exporting(root, reading))
    named = exports(statements, reading)
    members = tuple(_members(root, reading))
    open_to_all = frozenset(one.name for one in members if one.visibility is Visibility.PUBLIC)
    known = tuple(_exported(one, named, open_to_all) for one in members)
    return Module("", "", docs=_docs(root, reading), members=known, is_open=opens(statements, reading))


def _exported(member: Member, named: Mapping[str, str], open_to_all: Set[str]) -> Member:
    """`member` as others know it; what was assigned to another is known where that is."""
    if isinstance(member, Function) and member.receiver:
        receiver = named.get(member.receiver, member.receiver)
        hidden = member.receiver not in named and member.receiver not in open_to_all
        seen = Visibility.PRIVATE if hidden or member.name.startswith("_") else Visibility.PUBLIC
        return replace(member, receiver=receiver, visibility=seen)
    if member.name not in named:
        return member
    known = named[member.name]
    local = member.name if known != member.name else ""
    return replace(member, name=known, visibility=Visibility.PUBLIC, local=local)


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
        kind = node.kind()
        if kind == "export_statement":
            yield from _export(node, reading)
        elif kind in BRANCHES:
            yield from _members(node, reading)
        elif kind in STATEMENTS:
            yield from _declared(node, kind, node, reading, Visibility.PRIVATE)


def _export(node: SgNode, reading: Reading) -> Iterator[Member]:
    usual = "default" if child(node, "default", "=") is not None else ""
    declared = node.field("declaration") or node.field("value") or child(node, *TYPES, *MEANT)
    if declared is not None:
        yield from _declared(declared, declared.kind(), node, reading, Visibility.PUBLIC, usual)


def _declared(
    node: SgNode, kind: str, outer: SgNode, reading: Reading, seen: Visibility, usual: str = ""
) -> Iterator[Member]:
    """`outer` is the whole statement, before which its comment stands; `usual` the name of what has none."""
    if kind in VARIABLES:
        yield from _variables(node, outer, reading, seen)
    elif kind in HOLDING:
        yield from assigned(node, reading) if kind == "expression_statement" else ()
        yield from _within(node, outer, reading, seen)
    elif kind in TYPES and reading.admits(node):
        yield _type(node, outer, reading, seen)
    elif (kind in FUNCTIONS or (usual and kind in MEANT)) and reading.admits(node):
        yield function(node, outer, reading, seen, "function", own_name(node, reading) or usual)
    elif usual and kind == "object" and (held := object_of(node, outer, reading, seen, usual)):
        yield held


def _within(node: SgNode, outer: SgNode, reading: Reading, seen: Visibility) -> Iterator[Member]:
    """Definitions inside a statement; what `declare` declares is there for all, that of `declare global { … }` too."""
    is_ambient = node.kind() == "ambient_declaration"
    block = child(node, "statement_block") if is_ambient else None
    for one in (block or node).children():
        if (kind := one.kind()) in DECLARING:
            whole = one if block is not None else outer
            yield from _declared(one, kind, whole, reading, Visibility.PUBLIC if is_ambient else seen)


def _type(node: SgNode, outer: SgNode, reading: Reading, seen: Visibility) -> Type:
    body = node.field("body")
    is_namespace = TYPES[node.kind()] == NAMESPACE and body is not None
    return type_of(node, outer, reading, seen, "", _members(body, reading) if is_namespace and body else None)


def _variables(node: SgNode, outer: SgNode, reading: Reading, seen: Visibility) -> Iterator[Member]:
    first = node.child(0)
    kind = "constant" if first is not None and first.kind() == "const" else "variable"
    for one in node.named_children():
        name = one.field("name") if one.kind() == "variable_declarator" else None
        if name is not None and name.kind() == "identifier":
            if reading.admits(one):
                yield _variable(one, reading.name(name), outer, reading, seen, kind)
            continue
        for part in bound(name):
            if reading.admits(part):
                yield Value(reading.name(part), kind, *lines(outer, node), seen, block_docs(outer, reading))


def _variable(
    node: SgNode, name: str, outer: SgNode, reading: Reading, seen: Visibility, kind: str
) -> Function | Type | Value:
    value = node.field("value")
    sort = value.kind() if value is not None else ""
    if value is not None and sort in MEANT:
        return function(value, outer, reading, seen, "function", name)
    if value is not None and sort == "class":
        return type_of(value, outer, reading, seen, name)
    held = object_of(value, outer, reading, seen, name) if value is not None and sort == "object" else None
    if held is not None:
        return held
    said = node.field("type")
    return Value(
        name,
        kind,
        *lines(outer, node),
        seen,
        block_docs(outer, reading),
        reading.code(said).removeprefix(":").strip() if said is not None else "",
        reading.code(value),
    )
