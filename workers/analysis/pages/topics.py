"""What a module's page is to speak of: a topic a function or type; plain values are told with what holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.pages.slugs import slug_of
from workers.analysis.structure.model import Member, Module, Value, public
from workers.analysis.structure.signature import by_name, mark, signature

VALUES = "Constants and variables"
CODE_MAX_LINES = 60


@dataclass(frozen=True, slots=True)
class Topic:
    """`symbols` are whole names, the first the topic's own; `docs` what the code says about it."""

    id: str
    heading: str
    symbols: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def mark(self) -> str:
        """Changes when the interface of what it speaks of does."""
        return mark(self.members)

    @property
    def code(self) -> str:
        """The signatures, one a line."""
        lines = [signature(one) for one in self.members]
        more = len(lines) - CODE_MAX_LINES
        return "\n".join(lines[:CODE_MAX_LINES] + ([f"… {more} more"] if more > 0 else []))

    @property
    def docs(self) -> str:
        """Its own documentation, and that of each value."""
        own = [one.docs for one in self.members if not isinstance(one, Value) and one.docs]
        values = [f"- `{one.name}`: {' '.join(one.docs.split())}" for one in self.members if _is_told(one)]
        return "\n\n".join([*own, *(["\n".join(values)] if values else [])])


def topics(module: Module, slug: str) -> tuple[Topic, ...]:
    """The topics of a module's public interface, in its order; plain values that no topic holds first, together."""
    found = by_name(public(module))
    holders = dict.fromkeys(name for name, members in found.items() if not isinstance(members[0], Value))
    loose = [name for name in found if name not in holders and name.rpartition(".")[0] not in holders]
    owned = _owned(found, list(holders))
    first = [_topic(f"{slug}-values", VALUES, loose, found)] if loose else []
    own = [_topic(f"{slug}--{slug_of(name)}", name, [name, *owned.get(name, ())], found) for name in holders]
    return (*first, *own)


def _topic(topic_id: str, heading: str, names: Sequence[str], found: Mapping[str, Sequence[Member]]) -> Topic:
    members = tuple(each for name in names for each in found[name])
    return Topic(topic_id, heading, tuple(names), members)


def _owned(found: Mapping[str, Sequence[Member]], holders: Sequence[str]) -> Mapping[str, list[str]]:
    """Owner → its values: fields, constants, members of an enumeration."""
    owned: dict[str, list[str]] = {name: [] for name in holders}
    for name, members in found.items():
        owner = name.rpartition(".")[0]
        if isinstance(members[0], Value) and owner in owned:
            owned[owner].append(name)
    return owned


def _is_told(member: Member) -> bool:
    return isinstance(member, Value) and bool(member.docs)
