"""The coverage ledger in a check run: every file by what became of it and by folder, as compact as can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.domain.review import Coverage
from workers.github.fences import fenced
from workers.github.render.blocks import count, paragraphs
from workers.github.render.ledger import Kind, became, counted, kind, room_for_counts, unread_first
from workers.github.render.rendering import Rendering

GROUPS_MAX = 20
GROUP_MAX_BYTES = 1_100
"""Room for a group's head and fence: the names of those who read it take most."""
DETAIL_MAX_CHARS = 120


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a group, and the file that it names; None for a folder's line."""

    text: str
    file: Coverage | None


def full_ledger(entries: Sequence[Coverage], said: str, rendering: Rendering, max_bytes: int) -> str:
    """All that fit, the unread ones first; the others are counted by what became of them."""
    if not entries:
        return ""
    groups: dict[Kind, list[Coverage]] = defaultdict(list)
    for entry in unread_first(entries):
        groups[kind(entry)].append(entry)
    shown = list(groups.items())[:GROUPS_MAX]
    room = max_bytes - room_for_counts(entries, rendering) - GROUP_MAX_BYTES * len(shown)
    blocks: list[str] = []
    named: set[str] = set()
    for what, files in shown:
        lines = _fitting(_lines(files, rendering), room)
        room -= sum(map(_bytes, lines))
        named |= {line.file.path for line in lines if line.file}
        blocks += [_group(became(what, rendering), files, lines)] if lines else []
    rest = [one for one in entries if one.path not in named]
    return paragraphs(f"### Coverage: {said}", *blocks, counted(rest, rendering))


def _group(what: str, files: Sequence[Coverage], lines: Sequence[_Line]) -> str:
    return f"{what} ({count(len(files), 'file')})\n{fenced((line.text for line in lines), 'text')}"


def _lines(files: Sequence[Coverage], rendering: Rendering) -> Iterator[_Line]:
    """The files by folder; a folder's own line is left out for files at the top."""
    shown = sorted((rendering.sanitiser.path(one.path).rpartition("/"), one.path, one) for one in files)
    before = ""
    for (folder, _, name), _, file in shown:
        if folder != before:
            yield _Line(f"{folder}/", None)
        before = folder
        yield _Line(f"{'  ' if folder else ''}{name}{_detail(file, rendering)}", file)


def _detail(file: Coverage, rendering: Rendering) -> str:
    said = " ".join(file.detail.split())
    return f" ({rendering.sanitiser.message(said, DETAIL_MAX_CHARS)})" if said else ""


def _fitting(lines: Iterator[_Line], max_bytes: int) -> list[_Line]:
    """The first of `lines`, as many as fit; never a folder's line with nothing below it."""
    kept: list[_Line] = []
    for line in lines:
        max_bytes -= _bytes(line)
        if max_bytes < 0:
            break
        kept.append(line)
    return kept[:-1] if kept and kept[-1].file is None else kept


def _bytes(line: _Line) -> int:
    return len(line.text.encode()) + 1
