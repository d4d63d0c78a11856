"""The tables of `docs/configuration.md`, made from the schema; `python -m config.reference` prints them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from config.keys import BASIC_DEPTH, Key, basic, every_key, keys
from config.pages import table

_HEAD = ("Key", "What it does", "Values", "Default", "Operator's variable")
_ENTRY_HEAD = ("Key of an entry", "What it says", "Values", "Default")


def reference_text() -> str:
    """A table of the whole file's own keys, then one of each section, nested ones after those that hold them."""
    sections = (key for key in every_key() if key.section)
    loose = [key for key in keys() if not key.section]
    blocks = [f"The {len(basic())} keys of the first two levels are the ones to know.", _table(loose)]
    return "\n\n".join([*blocks, *(_section(key) for key in sections)]) + "\n"


def _section(key: Key) -> str:
    level = "#" * (2 + min(len(key.path), BASIC_DEPTH))
    own = [one for one in keys(key.section, key.path) if not one.section] if key.section else []
    blocks = [f"{level} `{key.dotted}`", key.description, *([_table(own)] if own else [])]
    return "\n\n".join([*blocks, *(_entry_table(one) for one in own if one.entry)])


def _table(rows: Iterable[Key]) -> str:
    return table(_HEAD, ((f"`{one.dotted}`", _says(one), *_values(one), f"`{one.variable}`") for one in rows))


def _entry_table(key: Key) -> str:
    rows = keys(key.entry) if key.entry else ()
    cells = ((f"`{one.name}`", one.description, *_values(one)) for one in rows)
    return f"An entry of `{key.dotted}`:\n\n" + table(_ENTRY_HEAD, cells)


def _says(key: Key) -> str:
    return f"{key.description} *{key.not_yet}*" if key.pending else key.description


def _values(key: Key) -> tuple[str, str]:
    return key.values, "needed" if key.required else _default(key.default)


def _default(value: object) -> str:
    if value is None:
        return "unset"
    bare = isinstance(value, str) and value
    return f"`{value if bare else json.dumps(value, ensure_ascii=False)}`"


if __name__ == "__main__":
    sys.stdout.write(reference_text())
