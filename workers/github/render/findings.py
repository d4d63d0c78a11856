"""Findings as rows of a table, and as entries of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from workers.domain.finding import Finding, Severity
from workers.github.render.blocks import bounded, cell, table
from workers.github.render.places import location, short_location
from workers.github.render.rendering import Rendering
from workers.github.render.votes import found_and_verified, in_a_cell
from workers.github.render.width import fitting, parted_words, width

TITLE_MAX_CHARS = 120
TITLE_MAX_PX = 480
ROOM_PX = 650
"""What the texts of a row may take to stand on one line: a comment's column without padding and severity."""
LEFT_MIN_PX = 160
RAGGED = 1.15
"""Lines end at words, so a text takes more room than it is wide."""
TABLE_MAX_BYTES = 12_000
LIST_MAX = 100
LIST_MAX_BYTES = 20_000

ICONS = {Severity.CRITICAL: "🔴", Severity.HIGH: "🔴", Severity.MEDIUM: "🟡", Severity.LOW: "⚪"}


@dataclass(frozen=True, slots=True)
class Table:
    """The first findings as a table, and how many they are."""

    text: str
    rows: int


def findings_table(findings: Sequence[Finding], head_sha: str, rendering: Rendering, lines_max: int) -> Table:
    """One row a finding: severity, where, what, who; as many rows as fit in `lines_max` visible lines."""
    rows: list[list[str]] = []
    used_bytes = 0
    for finding in findings:
        rows.append(_cells(finding, head_sha, rendering))
        used_bytes += sum(len(text.encode()) + 3 for text in rows[-1])
        if _lines(rows) > lines_max or used_bytes > TABLE_MAX_BYTES:
            rows.pop()
            break
    return Table(table(["Severity", "Where", "What", "Found by"], rows) if rows else "", len(rows))


def findings_list(findings: Sequence[Finding], head_sha: str, rendering: Rendering, max_bytes: int) -> str:
    """The same as a list, for the ones that have no row; says how many it leaves out."""
    lines = (f"- {_entry(finding, head_sha, rendering)}" for finding in findings)
    room = min(max_bytes, LIST_MAX_BYTES)
    return bounded(lines, count_max=LIST_MAX, max_bytes=room, total=len(findings))


def _cells(finding: Finding, head_sha: str, rendering: Rendering) -> list[str]:
    title_chars = fitting(finding.title, TITLE_MAX_PX, TITLE_MAX_CHARS)
    return [
        _severity(finding),
        cell(short_location(finding, head_sha, rendering)),
        cell(parted_words(rendering.sanitiser.line(finding.title, title_chars))),
        cell(parted_words(in_a_cell(finding, rendering))),
    ]


def _lines(rows: Sequence[Sequence[str]]) -> int:
    """How many lines the table takes: a browser shares what a long path leaves between the other two columns."""
    what, who = (max(1, *(width(row[column]) for row in rows)) for column in (2, 3))
    left = max(LEFT_MIN_PX, ROOM_PX - max(width(_seen(row[1])) for row in rows))
    share = left / (what + who)
    heights = (ceil(RAGGED * max(width(row[2]) / what, width(row[3]) / who) / share) for row in rows)
    boxes = 1 + (sum(heights) if share < 1 else len(rows))
    return max(boxes, 2 + len(rows))  # in the source a line stands below the head


def _seen(link: str) -> str:
    """Of a link its text."""
    return link.partition("](")[0].removeprefix("[")


def _entry(finding: Finding, head_sha: str, rendering: Rendering) -> str:
    what = rendering.sanitiser.line(finding.title, TITLE_MAX_CHARS)
    where = location(finding, head_sha, rendering)
    return f"{_severity(finding)} · {where} · {what} · {found_and_verified(finding, rendering)}"


def _severity(finding: Finding) -> str:
    return f"{ICONS[finding.severity]}\u00a0{finding.severity}"
