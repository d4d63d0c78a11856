"""How a module's public interface differs from what it was: symbols that came, went, or are used another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.structure.model import Function, Member, Module, Parameter, Type, Value, public
from workers.analysis.structure.signature import by_name

Members = Mapping[str, Sequence[Member]]
SHOWN_MAX_CHARS = 60


@dataclass(frozen=True, slots=True)
class Offered:
    """One module before a change and after it."""

    before: Module
    now: Module


@dataclass(frozen=True, slots=True)
class Altered:
    """One public symbol that is not what it was: `kind` is "new", "gone" or "changed", `how` says how it changed.

    `start..end` are its lines in the new text; of one that is gone, 0.
    """

    kind: str
    name: str
    start: int = 0
    end: int = 0
    how: tuple[str, ...] = ()


def alterations(offered: Offered) -> tuple[Altered, ...]:
    """What changed, in the order of the new text, what is gone last. Of what came or went with its owner, only the owner.

    Where parts of a text could not be read, nothing that may stand there is called new or gone.
    """
    before, now = by_name(public(offered.before)), by_name(public(offered.now))
    found = [one for name, members in now.items() for one in _compared(name, before.get(name), members)]
    new = _outermost(before, now) if offered.before.complete else frozenset()
    gone = _outermost(now, before) if offered.now.complete else frozenset()
    return (
        *(one for one in found if one.kind == "changed" or one.name in new),
        *(Altered("gone", name) for name in before if name in gone),
    )


def _outermost(there: Members, others: Members) -> frozenset[str]:
    """The names that only `others` has, without those whose owner is such a name."""
    return frozenset(
        name for name in others if name not in there and not _owner_is_missing(name, there, others)
    )


def _owner_is_missing(name: str, there: Members, others: Members) -> bool:
    owner = name.rpartition(".")[0]
    return owner in others and owner not in there


def _compared(name: str, before: Sequence[Member] | None, now: Sequence[Member]) -> Iterator[Altered]:
    start, end = now[0].start, now[-1].end
    if before is None:
        yield Altered("new", name, start, end)
    elif len(before) != len(now):
        yield Altered("changed", name, start, end, ("it has other overloads",))
    elif pairs := [(old, new, how) for old, new in zip(before, now, strict=True) if (how := _how(old, new))]:
        _, first, _ = pairs[0]
        said = dict.fromkeys(one for _, _, how in pairs for one in how)
        yield Altered("changed", name, first.start, first.end, tuple(said))


def _how(old: Member, new: Member) -> tuple[str, ...]:
    """In what they differ to those who use them; a value's value is not told: versions change every week."""
    if isinstance(old, Function) and isinstance(new, Function):
        returns = ("it returns another type",) if old.returns != new.returns else ()
        return (*_parameters(old.parameters, new.parameters), *returns)
    if isinstance(old, Type) and isinstance(new, Type):
        return ("it stands on other types",) if old.bases != new.bases else ()
    if isinstance(old, Value) and isinstance(new, Value):
        return ("it has another type",) if old.type != new.type else ()
    return ("it is something else now",)


def _parameters(old: Sequence[Parameter], new: Sequence[Parameter]) -> Iterator[str]:
    if renamed := _renamed(old, new):
        yield from (f"parameter {_shown(was)} is now {_shown(now)}" for was, now in renamed)
    names, known = {one.name for one in new}, {one.name: one for one in old}
    moved = {was.name for was, _ in renamed} | {now.name for _, now in renamed}
    yield from (f"parameter {_shown(one)} is gone" for one in old if one.name not in names | moved)
    yield from (f"parameter {_shown(one)} is new" for one in new if one.name not in known.keys() | moved)
    kept = [one for one in new if one.name in known]
    yield from (
        f"parameter {_shown(one)} has another type or default" for one in kept if one != known[one.name]
    )
    if [one.name for one in kept] != [one.name for one in old if one.name in names]:
        yield "its parameters stand in another order"


def _shown(one: Parameter) -> str:
    """Its name as code; patterns that take a parameter apart are long."""
    name = one.name.replace("`", "'")
    return f"`{name if len(name) <= SHOWN_MAX_CHARS else name[: SHOWN_MAX_CHARS - 1] + '…'}`"


def _renamed(old: Sequence[Parameter], new: Sequence[Parameter]) -> list[tuple[Parameter, Parameter]]:
    """Parameters that differ in their names alone, at the same place in lists of the same length."""
    names, known = {one.name for one in new}, {one.name for one in old}
    if len(old) != len(new):
        return []
    return [
        (was, now)
        for was, now in zip(old, new, strict=True)
        if was.name not in names and now.name not in known and was.type == now.type and was.kind == now.kind
    ]
