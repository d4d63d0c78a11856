"""What the worker and the child that tries patterns say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

NOWHERE, SOMEWHERE = -1, 0
"""Instead of a line: no match, and one that spans several."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each of `patterns` is looked for in each of the files `names`, in this order: a line of the answer for each."""

    names: tuple[str, ...]
    patterns: tuple[str, ...]


WANTED = TypeAdapter(Wanted)


def name_of(number: int) -> str:
    """The file of a text."""
    return f"t{number:05d}.txt"
