"""Rust files: items, with what `impl` blocks add to the types beside them; what macros define is a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from workers.analysis.structure.model import Function, Member, Module, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, child
from workers.analysis.structure.rust_docs import Item, inner_docs, items
from workers.analysis.structure.rust_items import (
    alias,
    fields,
    function,
    macro,
    traits,
    value,
    variants,
    visibility,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

TYPES = {
    "struct_item": "struct",
    "union_item": "struct",
    "enum_item": "enum",
    "trait_item": "interface",
    "mod_item": "namespace",
}
FUNCTIONS = frozenset({"function_item", "function_signature_item"})
VALUES = frozenset({"const_item", "static_item"})
ALIASES = frozenset({"type_item", "associated_type"})
CONTAINERS = {"foreign_mod_item": "declaration_list", "ERROR": ""}
OTHERS = frozenset({"array_type", "pointer_type", "function_type", "tuple_type"})
MACROS = "a macro, and nobody but the compiler knows what it defines"


@dataclass(frozen=True, slots=True)
class Implementation:
    """An `impl` block: the type's name, the trait as written, "" for none."""

    type: str
    trait: str
    members: tuple[Function | Value, ...]


Part: TypeAlias = Member | Implementation


def read(root: SgNode, reading: Reading) -> Module:
    """The file's `//!` and items. `use` and `mod name;` tell of other files and are left to them."""
    return Module("", "", docs=inner_docs(root, reading), members=_members(root, reading))


def _members(body: SgNode, reading: Reading) -> tuple[Member, ...]:
    """The items of a file or module; those of `impl` blocks are put to their types, or name them as receivers."""
    parts = tuple(_parts(body, reading, Visibility.PRIVATE))
    given: defaultdict[str, list[Implementation]] = defaultdict(list)
    for one in parts:
        if isinstance(one, Implementation):
            given[one.type].append(one)
    types = {one.name for one in parts if isinstance(one, Type) and one.kind != "namespace"}
    return tuple(_joined(parts, given, types))


def _joined(
    parts: Sequence[Part], given: defaultdict[str, list[Implementation]], types: set[str]
) -> Iterator[Member]:
    for one in parts:
        if isinstance(one, Implementation):
            yield from one.members if one.type not in types else ()
        elif isinstance(one, Type) and one.name in types and one.kind != "namespace":
            yield _with(one, given.pop(one.name, []))  # of several (`#[cfg(…)]`) the first has them
        else:
            yield one


def _with(one: Type, given: Sequence[Implementation]) -> Type:
    own = (replace(member, receiver="") for each in given for member in each.members)
    bases = dict.fromkeys((*one.bases, *(each.trait for each in given if each.trait)))
    return replace(one, bases=tuple(bases), members=(*one.members, *own))


def _parts(body: SgNode, reading: Reading, usual: Visibility) -> Iterator[Part]:
    for item in items(reading.within(body)):
        kind = item.kind
        if kind in CONTAINERS:
            inner = child(item.node, "declaration_list") if kind == "foreign_mod_item" else item.node
            yield from _parts(inner, reading, usual) if inner is not None else ()
        elif kind == "impl_item":
            yield _implementation(item.node, reading)
        elif _is_call(item):
            reading.leave_out(item.node, MACROS)
        elif (member := _member(item, reading, usual)) is not None:
            yield member


def _member(item: Item, reading: Reading, usual: Visibility) -> Member | None:
    kind, node = item.kind, item.node
    if kind in TYPES:
        is_own = kind != "mod_item" or node.field("body") is not None
        return _type(item, reading, usual) if is_own and reading.admits(node) else None
    if kind in FUNCTIONS:
        return function(item, reading, usual) if reading.admits(node) else None
    if kind in VALUES:
        return value(item, reading, usual) if reading.admits(node) else None
    if kind in ALIASES:
        return alias(item, reading, usual) if reading.admits(node) else None
    if kind == "macro_definition" and reading.admits(node):
        return macro(item, reading)
    return None


def _type(item: Item, reading: Reading, usual: Visibility) -> Type:
    node, body = item.node, item.node.field("body")
    is_module = item.kind == "mod_item"
    docs = "\n".join(
        filter(None, (item.docs(reading), inner_docs(body, reading) if is_module and body else ""))
    )
    return Type(
        reading.name(node.field("name")),
        TYPES[item.kind],
        *item.place,
        visibility(item, usual),
        docs,
        tuple(traits(child(node, "trait_bounds"), reading)) if item.kind == "trait_item" else (),
        tuple(_inside(item.kind, body, reading)),
    )


def _inside(kind: str, body: SgNode | None, reading: Reading) -> Iterator[Member]:
    if body is None:
        return
    if kind == "mod_item":
        yield from _members(body, reading)
    elif kind == "trait_item":
        for one in _parts(body, reading, Visibility.PUBLIC):
            if not isinstance(one, Implementation):
                yield replace(one, kind="method") if isinstance(one, Function) else one
    elif kind == "enum_item":
        yield from variants(body, reading)
    else:
        yield from fields(body, reading)


def _implementation(node: SgNode, reading: Reading) -> Implementation:
    """What is agreed by a trait is as public as its type. A trait's types are left to the trait."""
    trait, body = reading.code(node.field("trait")), node.field("body")
    name = _name(node.field("type"), reading)
    usual = Visibility.PUBLIC if trait else Visibility.PRIVATE
    found = _parts(body, reading, usual) if body is not None else ()
    members = (_of(one, name, overrides=bool(trait)) for one in found if isinstance(one, Function | Value))
    return Implementation(name, trait, tuple(members))


def _of(one: Function | Value, receiver: str, *, overrides: bool) -> Function | Value:
    if isinstance(one, Value):
        return replace(one, receiver=receiver)
    return replace(one, kind="method", receiver=receiver, overrides=overrides)


def _name(node: SgNode | None, reading: Reading) -> str:
    """`Box` of `Box<T>`, `a::Box`, `&mut Box`, `dyn Box`; other types as written."""
    for _ in range(reading.limits.depth_max_levels):
        inner = node.field("type") or node.field("trait") or node.field("name") if node is not None else None
        if inner is None or (node is not None and node.kind() in OTHERS):
            break
        node = inner
    return reading.code(node)


def _is_call(item: Item) -> bool:
    """Whether a macro is called where items stand."""
    node = item.node
    return item.kind == "macro_invocation" or (
        item.kind == "expression_statement" and child(node, "macro_invocation") is not None
    )
