"""Code inside Markdown that can't end its own block or span."""

from __future__ import annotations

import re

RUNS = re.compile(r"`++")


def fenced(code: str, language: str) -> list[str]:
    """The lines of a fenced block around `code`."""
    fence = "`" * max(3, _longest(code) + 1)
    return [f"{fence}{language}", *code.split("\n"), fence]


def span(code: str) -> str:
    """A code span of one line."""
    plain = " ".join(code.split())
    ticks = "`" * (_longest(plain) + 1)
    room = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{ticks}{room}{plain}{room}{ticks}"


def without_code(text: str) -> str:
    """`text` without the fenced block that it begins with."""
    lines = text.strip("\n").split("\n")
    fence = lines[0][: len(lines[0]) - len(lines[0].lstrip("`"))]
    if len(fence) < 3 or fence not in lines[1:]:
        return text.strip("\n")
    return "\n".join(lines[lines.index(fence, 1) + 1 :]).strip("\n")


def _longest(code: str) -> int:
    return max((len(run) for run in RUNS.findall(code)), default=0)
