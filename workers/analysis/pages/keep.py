"""What people wrote into a page between the markers: found before an update, put back behind the same section."""

from __future__ import annotations

from collections.abc import Sequence

from workers.analysis.pages.document import Kept

BEGIN, END = "<!-- hand-written -->", "<!-- /hand-written -->"


def kept_parts(lines: Sequence[str], anchors: Sequence[str]) -> tuple[tuple[Kept, ...], tuple[str, ...]]:
    """The parts between the markers, and what is wrong with those. `anchors[n]` is the section that line n belongs to."""
    found: list[Kept] = []
    problems: list[str] = []
    start = -1
    for number, line in enumerate(lines):
        word = line.strip()
        if word == BEGIN:
            if start >= 0:
                problems.append(f"line {number + 1}: a hand-written part begins within another")
            start = number
        elif word == END and start < 0:
            problems.append(f"line {number + 1}: a hand-written part ends that did not begin")
        elif word == END:
            found.append(Kept(anchors[start], _dedented(lines[start + 1 : number], lines[start])))
            start = -1
    if start >= 0:
        problems.append(f"line {start + 1}: a hand-written part does not end")
    return tuple(found), tuple(problems)


def written(kept: Sequence[Kept], anchor: str, indent: str) -> list[str]:
    """The lines of what was kept behind `anchor`, with markers."""
    lines: list[str] = []
    for one in kept:
        if one.anchor == anchor:
            lines += [BEGIN, *one.lines, END]
    return [f"{indent}{line}" if line else "" for line in lines]


def without(lines: Sequence[str]) -> list[str]:
    """`lines` with empty ones for the parts between markers: what is left is ours, on the lines where it was."""
    left, inside = [], False
    for line in lines:
        word = line.strip()
        inside = inside or word == BEGIN
        left.append("" if inside or word == END else line)
        inside = inside and word != END
    return left


def homeless(kept: Sequence[Kept], anchors: Sequence[str], to: str) -> tuple[Kept, ...]:
    """`kept`, with `to` as the anchor of those whose section is gone."""
    return tuple(one if one.anchor in anchors else Kept(to, one.lines) for one in kept)


def _dedented(lines: Sequence[str], marker: str) -> tuple[str, ...]:
    """Without the marker's own indentation, as far as each line has it."""
    indent = marker[: len(marker) - len(marker.lstrip())]
    return tuple(line.removeprefix(indent) if line.strip() else "" for line in lines)
