"""What an import gives: the file, and what became of each key of the other one."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHOWN_MAX_CHARS = 40
NOTE_MAX_CHARS = 120
_HEAD = ("KEY", "VALUE", "FATE", "HERE", "NOTE")


class Fate(StrEnum):
    """What becomes of a key."""

    MAPS = "maps"
    IN_PART = "in part"
    NOTHING = "no counterpart"
    UNUSABLE = "not usable"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Row:
    """One key of the other file. `to` names our keys, dotted, with ", " between; all texts are fit for a terminal."""

    key: str
    value: str
    fate: Fate
    to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """`file_text` is a whole quorum.yml that loads; `rows` are in the order of the other file."""

    file_text: str
    rows: tuple[Row, ...]


def table(imported: Imported) -> str:
    """The rows as aligned columns, and a line that counts the fates."""
    cells = [_HEAD, *((row.key, row.value, str(row.fate), row.to, row.note) for row in imported.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([*lines, "", _count(imported.rows)]) + "\n"


def shown(value: object) -> str:
    """`value` in a few plain characters, whatever it is."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "unset"}[value]
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 64 else "a huge number"
    if isinstance(value, Mapping):
        return _counted(len(value), "key", "keys")
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return clipped(", ".join(value)) if _texts(value) else _counted(len(value), "entry", "entries")
    return clipped(str(value))


def clipped(text: str, most_chars: int = SHOWN_MAX_CHARS) -> str:
    """`text` on one line, without characters that move a terminal's cursor, and not longer than `most_chars`."""
    line = " ".join(text[: most_chars * 4].split())
    safe = "".join(one if unicodedata.category(one)[0] != "C" else "?" for one in line)
    return safe if len(safe) <= most_chars else safe[: most_chars - 1] + "…"


def _texts(values: Sequence[object]) -> bool:
    return bool(values) and all(isinstance(one, str) for one in values)


def _counted(count: int, noun: str, nouns: str) -> str:
    return f"{count} {noun if count == 1 else nouns}"


def _line(cells: tuple[str, ...], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _count(rows: tuple[Row, ...]) -> str:
    counts = Counter(row.fate for row in rows)
    said = ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate])
    return f"{_counted(len(rows), 'key', 'keys')}: {said}." if rows else "No keys."
