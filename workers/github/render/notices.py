"""Sentences that must be seen: a few in sight, the others folded, all of them in the check run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.rendering import Rendering
from workers.github.render.width import COLUMN_PX, fitting, lines_of

LINES_MAX = 4
NOTICE_MAX_PX = 3 * COLUMN_PX - 300
NOTICE_MAX_CHARS = 400
REST_MAX = 50
REST_MAX_BYTES = 3_000


@dataclass(frozen=True, slots=True)
class Shown:
    """Notices as Markdown, and how many visible lines they take."""

    text: str
    lines: int


def shown_notices(notices: Sequence[str], rendering: Rendering) -> Shown:
    """As many in sight as fit in four lines, in their order."""
    seen: list[str] = []
    room = LINES_MAX
    for notice in notices:
        line = _line(notice, rendering)
        if lines_of(line) > room:
            break
        room -= lines_of(line)
        seen.append(f"> ⚠️ {line}  ")
    rest = _rest(notices[len(seen) :], rendering)
    return Shown(paragraphs("\n".join(seen), rest), LINES_MAX - room + bool(rest))


def _line(notice: str, rendering: Rendering) -> str:
    return rendering.sanitiser.line(notice, fitting(notice, NOTICE_MAX_PX, NOTICE_MAX_CHARS))


def _rest(notices: Sequence[str], rendering: Rendering) -> str:
    if not notices:
        return ""
    lines = (f"- {rendering.sanitiser.line(notice, NOTICE_MAX_CHARS)}" for notice in notices)
    more = "- … and {} more in the check run"
    shown = bounded(lines, count_max=REST_MAX, max_bytes=REST_MAX_BYTES, more=more)
    return fold(f"⚠️ {count(len(notices), 'more notice')}", shown)
