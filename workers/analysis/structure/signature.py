"""A member on one line, the same notation for every language, and a mark that changes when its interface does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from workers.analysis.structure.model import Function, Member, Named, Parameter, Type

SIGNS = {"rest": "*", "keyword rest": "**"}
MARK_CHARS = 12


def signature(member: Member) -> str:
    """E.g. "lift(load: int, *, gently: bool = True) -> float", "class Box: Base", "size: int = 3"."""
    if isinstance(member, Function):
        said = (
            member.name
            if member.kind == "property"
            else f"{member.name}({', '.join(_listed(member.parameters))})"
        )
        return f"{said} -> {member.returns}" if member.returns else said
    if isinstance(member, Type):
        return f"{member.kind} {member.name}" + (f": {', '.join(member.bases)}" if member.bases else "")
    typed = f"{member.name}: {member.type}" if member.type else member.name
    return f"{typed} = {member.default}" if member.default else typed


def by_name(members: Iterable[Named]) -> Mapping[str, Sequence[Member]]:
    """Members under their whole names, overloads together, in the order of their first."""
    found: defaultdict[str, list[Member]] = defaultdict(list)
    for one in members:
        found[one.name].append(one.member)
    return found


def mark(members: Iterable[Member]) -> str:
    """12 hexadecimal digits that stay the same as long as these members' signatures and docs do, wherever they stand."""
    said = "\0".join(part for one in members for part in (one.kind, signature(one), one.docs))
    return sha256(said.encode("utf-8", "replace")).hexdigest()[:MARK_CHARS]


def _listed(parameters: Sequence[Parameter]) -> Iterator[str]:
    kinds = [one.kind for one in parameters]
    for number, one in enumerate(parameters):
        if one.kind == "keyword" and not {"rest", "keyword"} & set(kinds[:number]):
            yield "*"
        yield _parameter(one)
        if one.kind == "positional" and "positional" not in kinds[number + 1 :]:
            yield "/"


def _parameter(one: Parameter) -> str:
    name = SIGNS.get(one.kind, "") + one.name
    name += "?" if one.optional and not one.default and not one.kind.endswith("rest") else ""
    typed = f"{name}: {one.type}" if one.type else name
    return typed + (
        f" = {one.default}" if one.default and one.type else f"={one.default}" if one.default else ""
    )
