"""Secrets that span lines, taken out of hunks before their lines are numbered and marked one by one.

A private key is known by its first and last line. Numbers and marks between its lines would hide it from any
pattern, and a hunk may show only its middle; so it is looked for in the whole file. Secrets of one line are found
later, in the finished text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workers.domain.change import ChangedFile, Hunk
from workers.domain.secrets import find_secrets


def masked(file: ChangedFile) -> ChangedFile:
    """`file` with each line of a multi-line secret in its hunks replaced by a mark; lines keep their numbers."""
    head = covered(file.text or "")
    return replace(file, hunks=tuple(_masked(hunk, file.text or "", head) for hunk in file.hunks))


def _masked(hunk: Hunk, text: str, head: Mapping[int, str]) -> Hunk:
    removed = covered("\n".join(line[1:] for line in hunk.lines if line.startswith("-")))
    after = "\n".join(line[1:] for line in hunk.lines if not line.startswith(("-", "\\")))
    # A whole file is one hunk: all of it was looked through already.
    shown = head if after == text.removesuffix("\n") else covered(after)
    return replace(hunk, lines=tuple(_marked(hunk, removed, shown, head)))


def _marked(
    hunk: Hunk, removed: Mapping[int, str], shown: Mapping[int, str], head: Mapping[int, str]
) -> Iterator[str]:
    left = right = 0
    for line in hunk.lines:
        kind = None
        if line.startswith("-"):
            left += 1
            kind = removed.get(left)
        elif not line.startswith("\\"):
            right += 1
            kind = shown.get(right) or head.get(hunk.new_start + right - 1)
        yield line if kind is None else f"{line[:1]}«secret:{kind}»"


def covered(text: str) -> dict[int, str]:
    """The lines, from 1, that secrets of more than one line touch, each with its kind."""
    covered: dict[int, str] = {}
    for span in find_secrets(text):
        lines = text.count("\n", span.start, span.end)
        if lines:
            first = text.count("\n", 0, span.start) + 1
            covered.update(dict.fromkeys(range(first, first + lines + 1), span.kind))
    return covered
