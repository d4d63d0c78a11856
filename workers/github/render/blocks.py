"""Markdown's own pieces: folds, tables, and lists that know when to stop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice


def fold(summary: str, body: str) -> str:
    """A block that shows one line until it is opened. GitHub needs the blank lines to render what is inside."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells must be one line each (see `cell`)."""
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, rows)]
    return "\n".join(lines)


def bounded_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, count_max: int, max_bytes: int
) -> str:
    """The table of as many rows as fit both limits; its last row says how many are left out."""
    more = _row(["… and {} more", *[""] * (len(head) - 1)])
    shown = bounded(map(_row, rows), count_max=count_max, max_bytes=max_bytes, more=more)
    return f"{table(head, ())}\n{shown}"


def cell(text: str) -> str:
    """`text`, one clean line, so that it stays in its cell: `\\|` is a pipe in prose and in code alike."""
    return re.sub(r"\\*\|", r"\\|", text)


def bounded(
    lines: Iterable[str],
    *,
    count_max: int,
    max_bytes: int,
    more: str = "- … and {} more",
    total: int | None = None,
) -> str:
    """As many whole `lines` as fit both limits; `more` says how many are left out.

    Where `total` says how many there are, no more of them are made than are shown.
    """
    entries = list(lines) if total is None else lines
    kept: list[str] = []
    used = 0
    for line in islice(entries, count_max):
        used += len(line.encode()) + 1
        if used > max_bytes:
            break
        kept.append(line)
    left = (len(entries) if isinstance(entries, list) else total or 0) - len(kept)
    return "\n".join([*kept, more.format(f"{left:,}")] if left else kept)


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def paragraphs(*blocks: str) -> str:
    """The blocks that are not empty, a blank line between them."""
    return "\n\n".join(block for block in blocks if block)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
