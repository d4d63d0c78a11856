"""What had to be mended in an answer before it could be read, and how much trust is left after it."""

from __future__ import annotations

import math
from collections.abc import Collection
from enum import StrEnum


class Repair(StrEnum):
    """One kind of departure from bare JSON."""

    FENCE = "Markdown fence"
    PROSE = "text around"
    THOUGHTS = "thoughts"
    MARKS = "invisible marks"
    REPEATED = "the same answer again"
    COMMAS = "commas"
    COMMENTS = "comments"
    SINGLE_QUOTES = "single quotes"
    SMART_QUOTES = "typographic quotes"
    INNER_QUOTES = "quotes not escaped"
    LINE_BREAKS = "control characters not escaped"
    ESCAPES = "unknown escapes"
    KEYS = "keys without quotes"
    LITERALS = "literals of another language"
    NUMBERS = "numbers of another form"
    NO_NUMBER = "not a number"
    SURROGATES = "halves of characters"
    WRAPPER = "wrapper"
    LIST = "list in place of the object"
    ENCODED = "JSON inside a string"
    CUT = "cut off"


TRUST = {
    Repair.FENCE: 0.98,
    Repair.PROSE: 0.95,
    Repair.THOUGHTS: 0.98,
    Repair.MARKS: 0.99,
    Repair.REPEATED: 0.95,
    Repair.COMMAS: 0.95,
    Repair.COMMENTS: 0.95,
    Repair.SINGLE_QUOTES: 0.9,
    Repair.SMART_QUOTES: 0.9,
    Repair.INNER_QUOTES: 0.7,
    Repair.LINE_BREAKS: 0.95,
    Repair.ESCAPES: 0.9,
    Repair.KEYS: 0.9,
    Repair.LITERALS: 0.95,
    Repair.NUMBERS: 0.9,
    Repair.NO_NUMBER: 0.8,
    Repair.SURROGATES: 0.9,
    Repair.WRAPPER: 0.9,
    Repair.LIST: 0.85,
    Repair.ENCODED: 0.9,
    Repair.CUT: 0.5,
}
"""What each repair leaves of 1: an order of how likely it changes what was meant, not a measured probability."""


def confidence(repairs: Collection[Repair]) -> float:
    """1 for a bare valid answer, less with each kind of repair; 0 to 1."""
    return round(math.prod(TRUST[repair] for repair in set(repairs)), 3)
