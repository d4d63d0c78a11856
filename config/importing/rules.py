"""What can become of a value: small functions, of which the tables of the importers are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config.importing.result import Fate, clipped

Translate = Callable[[str], tuple[str, ...]]


class UnusableValue(Exception):  # noqa: N818 - becomes a row, is never shown itself
    """A value is not what its key takes; says what that would be."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one value. `sets` are our keys, dotted, and their values; `to` names them when none is set."""

    fate: Fate
    sets: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    to: str = ""


Rule = Callable[[object], Outcome]


def maps(note: str = "", /, **sets: object) -> Outcome:
    """Nothing is lost; without `sets`, because it is so anyway. In the names of `sets`, `__` stands for a dot."""
    return Outcome(Fate.MAPS, _dotted(sets), note)


def in_part(note: str, /, **sets: object) -> Outcome:
    """Something is lost, as `note` says."""
    return Outcome(Fate.IN_PART, _dotted(sets), note)


def see(to: str, note: str) -> Outcome:
    """Nothing can be set from the value alone; `to` is the key to look at."""
    return Outcome(Fate.IN_PART, note=note, to=to)


def nothing(note: str) -> Outcome:
    """We have no such thing, as `note` says."""
    return Outcome(Fate.NOTHING, note=note)


@dataclass(frozen=True, slots=True)
class Absent:
    """The rule of a key, and of all keys in it, that we have no counterpart of, whatever the value."""

    note: str

    def __call__(self, _: object) -> Outcome:
        """Why nothing comes of it."""
        return nothing(self.note)


def switch(*, on: Outcome, off: Outcome) -> Rule:
    """For a value that is true or false."""

    def rule(value: object) -> Outcome:
        if not isinstance(value, bool):
            raise UnusableValue("must be true or false")
        return on if value else off

    return rule


def flag(to: str, note: str = "") -> Rule:
    """True or false, the same here; in part when there is a `note`."""
    return switch(on=_set(to, True, note), off=_set(to, False, note))


def choice(outcomes: Mapping[str, Outcome]) -> Rule:
    """For one of some words, whatever its case."""

    def rule(value: object) -> Outcome:
        found = outcomes.get(value.lower()) if isinstance(value, str) else None
        if found is None:
            raise UnusableValue(f"must be {' or '.join(outcomes)}")
        return found

    return rule


def number(to: str, note: str = "") -> Rule:
    """A whole number, the same here."""

    def rule(value: object) -> Outcome:
        if not isinstance(value, int) or isinstance(value, bool):
            raise UnusableValue("must be a whole number")
        return _set(to, value, note)

    return rule


def text(to: str, note: str = "") -> Rule:
    """A text, the same here; an empty one sets nothing."""

    def rule(value: object) -> Outcome:
        if not isinstance(value, str):
            raise UnusableValue("must be text")
        return _set(to, value, note) if value else Outcome(Fate.MAPS, note="empty", to=to)

    return rule


def texts(to: str, translate: Translate = lambda one: (one,), why: str = "", note: str = "") -> Rule:
    """A list of texts, or one; those that `translate` gives nothing for are left out, for the reason `why`."""

    def rule(value: object) -> Outcome:
        entries = as_texts(value)
        left_out = [one for one in entries if not translate(one)]
        kept = tuple(dict.fromkeys(ours for one in entries for ours in translate(one)))
        said = f"without {clipped(', '.join(left_out))}: {why}" if left_out else note
        if left_out and not kept:
            return Outcome(Fate.IN_PART, note=said, to=to)
        return _set(to, kept, said) if kept else Outcome(Fate.MAPS, note="empty", to=to)

    return rule


def as_texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or the one text. Raises UnusableValue."""
    entries = (value,) if isinstance(value, str) else value
    if not isinstance(entries, (list, tuple)) or not all(isinstance(one, str) for one in entries):
        raise UnusableValue("must be a list of texts")
    return tuple(one for one in entries if one)


def _set(to: str, value: object, note: str) -> Outcome:
    return Outcome(Fate.IN_PART if note else Fate.MAPS, {to: value}, note)


def _dotted(sets: Mapping[str, object]) -> dict[str, object]:
    return {key.replace("__", "."): value for key, value in sets.items()}
