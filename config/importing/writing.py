"""Our keys, dotted, and where each came from → the text of a quorum.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.importing.result import clipped
from config.keys import leaves
from config.yaml_text import pair

COMMENT_MAX_CHARS = 300

_ORDER = tuple(key.dotted for key in leaves())


@dataclass(frozen=True, slots=True)
class Setting:
    """A key's value, and a comment for each key of the other file that it came from."""

    value: object
    origins: tuple[str, ...]


def file_text(source: str, settings: Mapping[str, Setting]) -> str:
    """The file, in the order of our schema, a comment above each key."""
    head = f"# Made from {source}. What is left out of this file has Quorum's default.\n"
    tree = nested({to: settings[to] for to in sorted(settings, key=_rank)})
    return head + "".join(f"\n{_written(name, value)}\n" for name, value in tree.items())


def nested(values: Mapping[str, object]) -> dict[str, Any]:
    """`{"a.b": 1}` → `{"a": {"b": 1}}`."""
    tree: dict[str, Any] = {}
    for dotted, value in values.items():
        *sections, name = dotted.split(".")
        place = tree
        for section in sections:
            place = place.setdefault(section, {})
        place[name] = value
    return tree


def _rank(dotted: str) -> int:
    return next((i for i, key in enumerate(_ORDER) if f"{dotted}.".startswith(f"{key}.")), len(_ORDER))


def _written(name: str, value: Setting | dict[str, Any]) -> str:
    if isinstance(value, Setting):
        comments = (f"# {clipped(origin, COMMENT_MAX_CHARS)}" for origin in value.origins)
        return "\n".join((*comments, pair(name, value.value)))
    inner = "\n".join(_written(*item) for item in value.items())
    return f"{name}:\n" + "\n".join("  " + line if line else line for line in inner.split("\n"))
