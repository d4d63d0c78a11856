"""Go files: what is public begins with a capital; methods are put to their type where it stands in the same file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import line_docs
from workers.analysis.structure.model import Function, Member, Module, Parameter, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child, lines

if TYPE_CHECKING:
    from ast_grep_py import SgNode

KINDS = {"struct_type": "struct", "interface_type": "interface"}
SPECS = {"type_declaration": "", "const_declaration": "constant", "var_declaration": "variable"}


def read(root: SgNode, reading: Reading) -> Module:
    """The file's package, its comment and its members."""
    clause = child(root, "package_clause")
    members = tuple(_members(root, reading))
    return Module(
        "",
        "",
        package=reading.name(child(clause, "package_identifier")) if clause is not None else "",
        docs=_docs(clause, reading) if clause is not None else "",
        members=tuple(_with_methods(members)),
    )


def _with_methods(members: tuple[Member, ...]) -> Iterator[Member]:
    """Methods put to their types; of several types of one name the first has them."""
    types = {one.name for one in members if isinstance(one, Type)}
    own: defaultdict[str, list[Function]] = defaultdict(list)
    for one in members:
        if isinstance(one, Function) and one.receiver in types:
            own[one.receiver].append(replace(one, receiver=""))
    for one in members:
        if isinstance(one, Type):
            yield replace(one, members=(*one.members, *own.pop(one.name, ())))
        elif not isinstance(one, Function) or one.receiver not in types:
            yield one


def _members(root: SgNode, reading: Reading) -> Iterator[Member]:
    for node in reading.within(root):
        kind = node.kind()
        if kind in SPECS:
            yield from _specs(node, node, SPECS[kind], reading)
        elif kind in ("function_declaration", "method_declaration"):
            if reading.admits(node):
                yield _function(node, reading)
        elif kind == "ERROR":
            yield from _members(node, reading)


def _specs(group: SgNode, declaration: SgNode, sort: str, reading: Reading) -> Iterator[Member]:
    for spec in reading.within(group):
        kind = spec.kind()
        if kind == "var_spec_list":
            yield from _specs(spec, declaration, sort, reading)
        elif kind in ("type_spec", "type_alias"):
            if reading.admits(spec):
                yield _type(spec, _docs(spec, reading) or _docs(declaration, reading), reading)
        elif kind in ("const_spec", "var_spec"):
            docs = _docs(spec, reading) or _docs(declaration, reading)
            yield from _values(spec, sort, docs, reading)


def _type(spec: SgNode, docs: str, reading: Reading) -> Type:
    name, body = reading.name(spec.field("name")), spec.field("type")
    kind = KINDS.get(body.kind(), "alias") if body is not None else "alias"
    return Type(
        name,
        kind,
        *lines(spec),
        _visibility(name),
        docs,
        (reading.code(body),) if kind == "alias" else (),
        tuple(_fields(body, reading)) if body is not None and kind != "alias" else (),
    )


def _fields(body: SgNode, reading: Reading) -> Iterator[Member]:
    inner = child(body, "field_declaration_list") or body
    for node in reading.within(inner):
        kind = node.kind()
        if kind == "field_declaration":
            yield from _values(node, "field", _docs(node, reading), reading)
        elif kind == "method_elem" and reading.admits(node):
            yield _function(node, reading)


def _values(spec: SgNode, kind: str, docs: str, reading: Reading) -> Iterator[Value]:
    names = [one for one in spec.children() if one.kind() in ("identifier", "field_identifier")]
    value = child(spec, "expression_list") if len(names) == 1 and kind != "field" else None
    for node in names:
        if reading.admits(node):
            name = reading.name(node)
            yield Value(
                name,
                kind,
                *lines(spec),
                _visibility(name),
                docs,
                reading.code(spec.field("type")),
                reading.code(value),
            )


def _function(node: SgNode, reading: Reading) -> Function:
    name = reading.name(node.field("name"))
    receiver = _receiver(node.field("receiver"), reading)
    hidden = receiver[:1].islower()
    return Function(
        name,
        "method" if receiver or node.kind() == "method_elem" else "function",
        *lines(node),
        Visibility.PACKAGE if hidden else _visibility(name),
        _docs(node, reading),
        tuple(_parameters(node.field("parameters"), reading))[: reading.limits.parameters_max],
        reading.code(node.field("result")),
        receiver,
    )


def _receiver(node: SgNode | None, reading: Reading) -> str:
    found = node.find(kind="type_identifier") if node is not None else None
    return reading.name(found)


def _parameters(node: SgNode | None, reading: Reading) -> Iterator[Parameter]:
    for one in node.children() if node is not None else ():
        if one.kind() in ("parameter_declaration", "variadic_parameter_declaration"):
            kind = "rest" if one.kind().startswith("variadic") else ""
            names = [name for name in one.children() if name.kind() == "identifier"]
            said = reading.code(one.field("type"))
            for name in names:
                yield Parameter(reading.name(name), said, "", kind, optional=bool(kind))
            if not names:
                yield Parameter("_", said, "", kind, optional=bool(kind))


def _docs(node: SgNode, reading: Reading) -> str:
    return line_docs(node, reading)


def _visibility(name: str) -> Visibility:
    return Visibility.PUBLIC if name[:1].isupper() else Visibility.PACKAGE
