"""Pages of the documentation that are made in part: tables, and the marks between which they stand."""

from __future__ import annotations

from collections.abc import Iterable

BEGIN = "<!-- made from the schema by `python -m config.generated`: don't edit below -->"
END = "<!-- end of what is made -->"


def remade(page: str, made: str) -> str:
    """`page` with `made` between its marks. Raises ValueError when it lacks a mark."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("the page lacks its marks")
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    return "\n".join(map(_row, (head, ("---",) * len(head), *rows)))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
