"""What a module offers: types, functions and values with their documentation, the same for every language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Visibility(StrEnum):
    """Who may use it. PACKAGE: Java's default, Kotlin's `internal`, Rust's `pub(crate)`."""

    PUBLIC = "public"
    PROTECTED = "protected"
    PACKAGE = "package"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Gap:
    """Lines `start..end`, from 1, that are not in the model, and why."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """`type` and `default` are code as written, "" without one.

    `kind` is "" or one of "positional", "keyword", "rest", "keyword rest".
    """

    name: str
    type: str = ""
    default: str = ""
    kind: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """`kind` is one of "function", "method", "property", "setter" (which its property tells of), "constructor", and
    "primary constructor", which stands in its type's head.

    `receiver` is the type that it is declared for elsewhere than in the type's body: Go's methods, Kotlin's extensions,
    Rust's implementations. `local` is what its own module calls it, where that exports it under another name.
    `overrides`: it says itself that what it does is agreed elsewhere, by a base, a trait or the language (`@Override`,
    `impl Trait for`, `__len__`); it is called through that, seldom by its name.
    """

    name: str
    kind: str
    start: int
    end: int
    visibility: Visibility = Visibility.PUBLIC
    docs: str = ""
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""
    receiver: str = ""
    local: str = ""
    overrides: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """`kind` is one of "constant", "variable", "field", "member" (of an enumeration). The rest is as a function's."""

    name: str
    kind: str
    start: int
    end: int
    visibility: Visibility = Visibility.PUBLIC
    docs: str = ""
    type: str = ""
    default: str = ""
    receiver: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """`kind` is one of "class", "interface", "enum", "record", "struct", "object", "annotation", "alias", "namespace".

    `bases` are the types that it extends, implements or stands for, as written. `local` is as a function's.
    """

    name: str
    kind: str
    start: int
    end: int
    visibility: Visibility = Visibility.PUBLIC
    docs: str = ""
    bases: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    local: str = ""


Member: TypeAlias = Type | Function | Value


@dataclass(frozen=True, slots=True)
class Module:
    """One file. `complete` is False when something of it is not in the model; `gaps` say what, as far as is known.

    `package` is the name that the file itself gives (Java, Kotlin, Go), "" elsewhere. `is_open`: it offers names besides
    that its text does not say (`from x import *`, `export *`).
    """

    path: str
    language: str
    package: str = ""
    docs: str = ""
    members: tuple[Member, ...] = ()
    complete: bool = True
    gaps: tuple[Gap, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A member and its whole name, "Owner.name"; `shown` when it and everything around it is public.

    `owner` is the last name of the type around it, or that it is declared for; "" for what a module or namespace holds.
    """

    name: str
    member: Member
    shown: bool
    owner: str = ""


def named(module: Module) -> Iterator[Named]:
    """Every member with its whole name, owners before what they own. Overloads share a name."""
    return _named(module.members, None)


def public(module: Module) -> Iterator[Named]:
    """The members that users of the module may rely on."""
    return (one for one in named(module) if one.shown)


def _named(members: Iterable[Member], around: Named | None) -> Iterator[Named]:
    for member in members:
        one = _under(around, member)
        yield one
        if isinstance(member, Type):
            yield from _named(member.members, one)


def _under(around: Named | None, member: Member) -> Named:
    receiver = "" if isinstance(member, Type) else member.receiver
    shown = member.visibility is Visibility.PUBLIC and member.kind != "setter"
    own = f"{receiver}.{member.name}" if receiver else member.name
    if around is None:
        return Named(own, member, shown, receiver)
    owner = (around.member.local or around.member.name) if around.member.kind != "namespace" else ""
    return Named(f"{around.name}.{own}", member, shown and around.shown, receiver or owner)
