"""A JavaScript or TypeScript class, interface, enumeration, alias or namespace, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import block_docs
from workers.analysis.structure.model import Member, Type, Visibility
from workers.analysis.structure.nodes import Reading, child, lines
from workers.analysis.structure.script_members import members_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

NAMESPACE = "namespace"
TYPES = {
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "class": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "type_alias_declaration": "alias",
    "internal_module": NAMESPACE,
    "module": NAMESPACE,
}


def type_of(
    node: SgNode,
    outer: SgNode,
    reading: Reading,
    seen: Visibility,
    name: str = "",
    inner: Iterator[Member] | None = None,
) -> Type:
    """`outer` is the whole statement, before which its comment stands; `name` what others call it, where not as it
    calls itself; `inner` its members where its body holds statements."""
    kind, body = TYPES[node.kind()], node.field("body")
    alias = reading.code(node.field("value")) if kind == "alias" else ""
    own = inner or (members_of(body, reading) if body is not None else ())
    return Type(
        name or own_name(node, reading) or "default",
        kind,
        *lines(outer, node),
        seen,
        block_docs(outer, reading),
        (alias,) if alias else tuple(_bases(node, reading)),
        tuple(own),
    )


def own_name(node: SgNode, reading: Reading) -> str:
    """What a type or function calls itself, "" for nothing."""
    return reading.name(node.field("name")).strip("\"'")


def _bases(node: SgNode, reading: Reading) -> Iterator[str]:
    heritage = child(node, "class_heritage", "extends_type_clause")
    if heritage is None:
        return
    clauses = [one for one in heritage.children() if one.kind().endswith("_clause")] or [heritage]
    for clause in clauses:
        yield from _listed(clause, reading)


def _listed(clause: SgNode, reading: Reading) -> Iterator[str]:
    """The types of one clause; what one is given (`<T>` of `extends Base<T>`) stands beside it and is part of it."""
    found: list[str] = []
    for one in clause.named_children():
        kind = one.kind()
        if kind == "type_arguments" and found:
            found[-1] += reading.code(one)
        elif kind != "comment":
            found.append(reading.code(one))
    yield from found
