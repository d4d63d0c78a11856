"""The configuration in force, each value with its origin: what somebody chose in sight, the defaults folded."""

from __future__ import annotations

from collections.abc import Sequence

from workers.github.fences import code_span
from workers.github.prose import ZWSP
from workers.github.render.blocks import bounded, bounded_table, cell, count, fold, paragraphs
from workers.github.sanitise import Sanitiser

DEFAULT = "default"
VALUE_MAX_CHARS = 200
ROWS_MAX = 100
CHANGED_MAX_BYTES = 30_000
DEFAULTS_MAX_BYTES = 20_000
NOTICES_MAX = 10
NOTICES_MAX_BYTES = 5_000

Row = tuple[str, str, str]


def config_text(rows: Sequence[Row], notices: Sequence[str], sanitiser: Sanitiser) -> str:
    """`rows` are (key, value, origin), origin "default" for what nobody chose; at most 60,000 bytes."""
    changed = [row for row in rows if row[2] != DEFAULT]
    defaults = [row for row in rows if row[2] == DEFAULT]
    return paragraphs(
        _table(changed, CHANGED_MAX_BYTES, sanitiser) if changed else "Every value is its default.",
        _notices(notices, sanitiser),
        fold(count(len(defaults), "default"), _table(defaults, DEFAULTS_MAX_BYTES, sanitiser))
        if defaults
        else "",
    )


def _table(rows: Sequence[Row], max_bytes: int, sanitiser: Sanitiser) -> str:
    cells = ([cell(text) for text in _columns(row, sanitiser)] for row in rows)
    return bounded_table(["Key", "Value", "From"], cells, count_max=ROWS_MAX, max_bytes=max_bytes)


def _columns(row: Row, sanitiser: Sanitiser) -> tuple[str, str, str]:
    key, value, origin = row
    return _code(key, sanitiser), _code(value, sanitiser) or "*empty*", sanitiser.line(origin, 120)


def _code(text: str, sanitiser: Sanitiser) -> str:
    """One line of code that can't be taken for a marker of ours: we are the author of the comment that holds it."""
    return code_span(sanitiser.path(text, VALUE_MAX_CHARS).replace("<!--", f"<!{ZWSP}--"))


def _notices(notices: Sequence[str], sanitiser: Sanitiser) -> str:
    lines = (f"> ⚠️ {sanitiser.line(notice, 400)}  " for notice in notices)
    return bounded(lines, count_max=NOTICES_MAX, max_bytes=NOTICES_MAX_BYTES, more="> … and {} more")
