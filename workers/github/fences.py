"""Fenced code in Markdown: told apart from prose, written so that nothing inside can close it, and cut safely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BODY_MAX_BYTES = 60_000
TRUNCATED = "*Truncated here; the check run holds the full report.*"

_OPENING = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+-]{1,20}")
# What GitHub renders or makes committable: never at a stranger's word.
_ACTIVE = frozenset({"suggestion", "mermaid", "geojson", "topojson", "stl", "math"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of lines: prose, or the inside of a fenced block (`language` is not None)."""

    lines: tuple[str, ...]
    language: str | None = None


def split(text: str) -> Iterator[Segment]:
    """Cut `text` at its top-level fences, as CommonMark sees them; an unclosed fence lasts to the end."""
    prose: list[str] = []
    lines = iter(text.split("\n"))
    for line in lines:
        opening = _OPENING.match(line)
        if not opening:
            prose.append(line)
            continue
        if prose:
            yield Segment(tuple(prose))
            prose = []
        yield Segment(tuple(_inside(lines, opening)), _language(opening["info"]))
    if prose:
        yield Segment(tuple(prose))


def fenced(lines: Iterable[str], language: str = "") -> str:
    """A block at the left margin whose fence is longer than any run of back-ticks inside."""
    inside = "\n".join(lines)
    fence = "`" * max(3, longest_run(inside) + 1)
    return f"{fence}{language}\n{inside}\n{fence}" if inside else f"{fence}{language}\n{fence}"


def code_span(text: str) -> str:
    """`text`, one line, as inline code whatever back-ticks it holds."""
    if not text:
        return ""
    ticks = "`" * (longest_run(text) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and text.strip()) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def longest_run(text: str) -> int:
    """The length of the longest run of back-ticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def cap(text: str, max_bytes: int = BODY_MAX_BYTES, note: str = TRUNCATED) -> str:
    """`text` if it fits; else cut at a line end, open fences and `<details>` closed, and `note` added."""
    if len(text.encode()) <= max_bytes:
        return text
    room = max_bytes - len(note.encode()) - 2
    while room > 0:
        kept = _cut(text, room)
        closing = _closing(kept)
        whole = f"{kept}{closing}\n\n{note}"
        excess = len(whole.encode()) - max_bytes
        if excess <= 0:
            return whole
        room -= excess
    return note


def _cut(text: str, max_bytes: int) -> str:
    kept = text.encode()[:max_bytes].decode(errors="ignore")
    line_end = kept.rfind("\n")
    return kept[:line_end] if line_end > 0 else kept


def _closing(text: str) -> str:
    """What closes the blocks that `text` leaves open, innermost first."""
    fence, details = "", 0
    for line in text.split("\n"):
        opening = _OPENING.match(line)
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif opening:
            fence = opening["fence"]
        else:
            # ours stand alone on their lines; others are names in code, and open and close nothing
            details += (line == "<details>") - (line == "</details>")
    return (f"\n{fence}" if fence else "") + "\n\n</details>" * max(0, details)


def _inside(lines: Iterator[str], opening: re.Match[str]) -> Iterator[str]:
    indent = len(opening["indent"])
    for line in lines:
        if _closes(line, opening["fence"]):
            return
        leading = len(line) - len(line.lstrip(" "))
        yield line[min(indent, leading) :]


def _closes(line: str, fence: str) -> bool:
    stripped = line.rstrip(" \t")
    mark = stripped.lstrip(" ")
    return len(stripped) - len(mark) <= 3 and len(mark) >= len(fence) and set(mark) == {fence[0]}


def _language(info: str) -> str:
    word = info.strip().split(" ", 1)[0]
    return word if _LANGUAGE.fullmatch(word) and word.lower() not in _ACTIVE else ""
