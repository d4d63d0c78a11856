"""The keys of another reviewer, one by one → our file, and a row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from config.importing.draft import Draft
from config.importing.result import NOTE_MAX_CHARS, Fate, Imported, Row, clipped, shown
from config.importing.rules import Absent, Outcome, Rule, UnusableValue

IMPORT_MAX_BYTES = 256 * 1024
ROWS_MAX = 1_000
INNER_LEVELS_MAX = 3
KEY_MAX_CHARS = 80

Rules = Mapping[str, Rule]
Found = tuple[str, object, Rule | None]


def build(values: Mapping[str, object], rules: Rules, source: str) -> Imported:
    """Apply `rules`, in their order, to what stands in `values`; `source` names the file.

    A rule's key may end in ".*"; at most ROWS_MAX keys are looked at.
    """
    found = tuple(islice(_found(values, rules), ROWS_MAX))
    rank = {id(rule): index for index, rule in enumerate(rules.values())}
    order = sorted(range(len(found)), key=lambda index: rank.get(id(found[index][2]), len(rank)))
    draft = Draft(source)
    rows = {index: _row(draft, *found[index]) for index in order}
    return Imported(draft.text, tuple(rows[index] for index in range(len(found))))


def _found(values: Mapping[str, object], rules: Rules, parent: str = "") -> Iterator[Found]:
    """Each key that a rule or nobody knows; what only holds such keys is gone into."""
    for name, value in values.items():
        key = f"{parent}{name}"
        rule = rules.get(key) or rules.get(f"{parent}*")
        holds = not rule and any(one.startswith(f"{key}.") for one in rules)
        if holds and isinstance(value, Mapping):
            yield from _found(value, rules, f"{key}.")
        elif isinstance(rule, Absent):
            yield from ((inner, one, rule) for inner, one in _inner(key, value))
        else:
            yield key, value, _not_keys if holds else rule


def _inner(key: str, value: object, levels: int = INNER_LEVELS_MAX) -> Iterator[tuple[str, object]]:
    """The keys in `value`, a few levels deep; `key` itself when it holds none."""
    if not isinstance(value, Mapping) or not value or not levels:
        yield key, value
        return
    for name, one in value.items():
        yield from _inner(f"{key}.{name}", one, levels - 1)


def _not_keys(value: object) -> Outcome:
    if value is None:
        return Outcome(Fate.MAPS, note="empty")
    raise UnusableValue("must hold keys")


def _row(draft: Draft, key: str, value: object, rule: Rule | None) -> Row:
    """What becomes of `key`; what it sets is taken up."""
    name = clipped(key, KEY_MAX_CHARS)
    if rule is None:  # its value may be a secret
        return Row(name, "(not shown)", Fate.UNKNOWN)
    try:
        outcome = draft.take(name, rule(value))
    except UnusableValue as error:
        return Row(name, shown(value), Fate.UNUSABLE, note=clipped(str(error), NOTE_MAX_CHARS))
    return Row(name, shown(value), outcome.fate, ", ".join(outcome.sets) or outcome.to, outcome.note)
