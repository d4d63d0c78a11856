"""The coverage ledger in a comment: a line a file, the unread ones first; the rest counted by what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from workers.domain.change import Omission
from workers.domain.review import Coverage
from workers.github.fences import code_span
from workers.github.render.blocks import count, fold, paragraphs
from workers.github.render.rendering import Rendering

LINES_MAX = 200
REASONS_MAX = 20
COUNTS_MAX_BYTES = 3_000
FRAME_BYTES = 300
"""Room for a fold and its title, or for what stands above the counts and below them."""
READERS_MAX = 6
READER_MAX_CHARS = 40
DETAIL_MAX_CHARS = 200

Kind = tuple[Omission | None, tuple[str, ...]]


def coverage_fold(
    entries: Sequence[Coverage], said: str, rendering: Rendering, max_bytes: int, tools: str = ""
) -> str:
    """One line a file, bounded, then the `tools` that ran; `said` is the coverage in short, for the visible line."""
    if not entries:
        return fold("Analysers", tools) if tools else ""
    ordered = unread_first(entries)
    room = max_bytes - room_for_counts(entries, rendering) - len(tools.encode()) - FRAME_BYTES
    lines = _fitting((_line(one, rendering) for one in ordered[:LINES_MAX]), room)
    rest = counted(ordered[len(lines) :], rendering)
    return fold(f"Coverage: {said}", paragraphs("\n".join(lines), rest, tools))


def unread_first(entries: Sequence[Coverage]) -> list[Coverage]:
    """Omitted, then those with a remark, then the others; each part in its order."""
    return sorted(entries, key=lambda one: (one.omitted is None, not one.detail))


def counted(entries: Sequence[Coverage], rendering: Rendering) -> str:
    """Files without a line of their own, by what became of them: the counts add up to all of them; "" for none."""
    if not entries:
        return ""
    kinds = Counter(map(kind, entries)).most_common()
    lines = _fitting(
        (_count(one, number, rendering) for one, number in kinds[:REASONS_MAX]), COUNTS_MAX_BYTES
    )
    others = sum(number for _, number in kinds[len(lines) :])
    lines += [f"- read by others ({count(others, 'file')})"] if others else []
    return paragraphs(f"… and {len(entries):,} more, by what became of them:", "\n".join(lines))


def room_for_counts(entries: Sequence[Coverage], rendering: Rendering) -> int:
    """The most bytes that `counted` takes for any part of `entries`."""
    kinds = Counter(map(kind, entries))
    if len(kinds) > REASONS_MAX:
        return COUNTS_MAX_BYTES + FRAME_BYTES
    lines = (_count(one, number, rendering) for one, number in kinds.items())
    return min(COUNTS_MAX_BYTES, sum(len(line.encode()) + 1 for line in lines)) + FRAME_BYTES


def _count(what: Kind, number: int, rendering: Rendering) -> str:
    return f"- {became(what, rendering)} ({count(number, 'file')})"


def kind(entry: Coverage) -> Kind:
    """What files have in common of which the same is said."""
    return entry.omitted, entry.read_by


def became(what: Kind, rendering: Rendering) -> str:
    """Why it was omitted, or who read it."""
    omitted, read_by = what
    if omitted is not None:
        return f"**omitted**: {omitted}"
    names = [rendering.sanitiser.line(name, READER_MAX_CHARS) for name in read_by[:READERS_MAX]]
    more = len(read_by) - len(names)
    said = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    return f"read by {said}" if said else "**read by none**"


def _line(entry: Coverage, rendering: Rendering) -> str:
    detail = f" ({rendering.sanitiser.line(entry.detail, DETAIL_MAX_CHARS)})" if entry.detail else ""
    return f"- {code_span(rendering.sanitiser.path(entry.path))}: {became(kind(entry), rendering)}{detail}"


def _fitting(lines: Iterable[str], max_bytes: int) -> list[str]:
    """The first of `lines`, as many as fit."""
    kept: list[str] = []
    for line in lines:
        max_bytes -= len(line.encode()) + 1
        if max_bytes < 0:
            break
        kept.append(line)
    return kept
