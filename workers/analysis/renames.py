"""Which of the files that are gone is which of those that came, by what their lines have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from workers.analysis.quoting import squeezed

SHARE_MIN = 0.5
FILES_MAX = 100
"""Beyond so many on a side only equal texts are paired."""


def renames(gone: Mapping[str, str], came: Mapping[str, str]) -> dict[str, str]:
    """Old path → new path, each once, the likest first: equal texts, then at least half of the lines in common."""
    few = max(len(gone), len(came)) <= FILES_MAX
    olds = {path: _lines(text) for path, text in gone.items()}
    news = {path: _lines(text) for path, text in came.items()}
    pairs = [
        (1.0 if gone[old] == came[new] else _share(olds[old], news[new]), old, new)
        for old in gone
        for new in came
        if few or gone[old] == came[new]
    ]
    found: dict[str, str] = {}
    for share, old, new in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if share >= SHARE_MIN and old not in found and new not in found.values():
            found[old] = new
    return found


def _lines(text: str) -> Counter[str]:
    return Counter(line for line in map(squeezed, text.split("\n")) if line)


def _share(one: Counter[str], other: Counter[str]) -> float:
    most = max(one.total(), other.total())
    return (one & other).total() / most if most else 0.0
