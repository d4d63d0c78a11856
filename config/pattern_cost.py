"""What a regular expression takes to compile and to try, told from its text: a bound that is never too low.

A short one can say much: `\\w{1000}` is a thousand tables of letters. A unit is one letter, about a microsecond.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TABLE = 1_000
"""`\\w`, `\\pL` and their like, which are tables of all Unicode."""
SMALL_TABLE = 100
ANY = 20
FOLDED = 100
"""A letter beyond ASCII, whatever its case."""
FOLDED_PER_UNIT = 100
"""So many letters of a range are looked up in the time of one unit, whatever their case."""
TABLES, SMALL_TABLES = frozenset("wWpP"), frozenset("dDsSbB")
NUMBERED = {"x": 2, "u": 4, "U": 8}
"""Letters by number: in braces, or in so many digits."""
BRACED = frozenset("pPxuUbB")
_COUNT = re.compile(r"\{\s*+(\d{0,9}+)\s*+(?:,\s*+(\d{0,9}+)\s*+)?+\}")
_FLAGS = re.compile(r"\(\?([A-Za-z-]*+)([:)])")


def cost(pattern: str) -> int:
    """Units of `pattern`, with everything repeated as often as it may be written out."""
    if any("x" in found[1] for found in _FLAGS.finditer(pattern)):
        return _laid_out(pattern)
    return _Scan(pattern, insensitive=any("i" in found[1] for found in _FLAGS.finditer(pattern))).cost()


def _laid_out(pattern: str) -> int:
    """With `(?x)` blanks and comments mean nothing, and stand anywhere: as if every letter were a table."""
    times = 1
    for found in _COUNT.finditer(pattern):
        times *= _most(found)
    return TABLE * len(pattern) * times


def _most(found: re.Match[str]) -> int:
    return max(1, int(found[1] or 0), int(found[2] or 0))


@dataclass(slots=True)
class _Group:
    """Units so far, and those of what a repetition would repeat."""

    total: int = 0
    last: int = 0

    def add(self, units: int) -> None:
        """One more thing that a repetition may follow."""
        self.total += units
        self.last = units

    def repeat(self, times: int) -> None:
        """The last thing stands there `times` times."""
        self.total += self.last * (times - 1)
        self.last *= times


@dataclass(slots=True)
class _Scan:
    """One way through an expression, from left to right."""

    pattern: str
    insensitive: bool
    at: int = 0
    groups: list[_Group] = field(default_factory=lambda: [_Group()])

    def cost(self) -> int:
        """All units; brackets that are never closed count too."""
        while self.at < len(self.pattern):
            self._step()
        return sum(group.total for group in self.groups)

    def _step(self) -> None:
        group, sign = self.groups[-1], self.pattern[self.at]
        if sign == "(":
            self._open()
        elif sign == ")":
            self.at += 1
            if len(self.groups) > 1:
                inner = self.groups.pop()
                self.groups[-1].add(inner.total)
        elif sign == "[":
            self.at += 1
            group.add(self._class())
        elif found := _COUNT.match(self.pattern, self.at):
            self.at = found.end()
            group.repeat(_most(found))
        elif sign in "*+?":
            self.at += 1
        else:
            group.add(self._sign()[0])

    def _open(self) -> None:
        flags = _FLAGS.match(self.pattern, self.at)
        self.at = flags.end() if flags else self.at + 1
        if flags is None or flags[2] == ":":
            self.groups.append(_Group())

    def _class(self) -> int:
        """A class in brackets, and those within it; `self.at` is behind its first bracket."""
        units, depth, first = 1, 1, True
        low: int | None = None
        while self.at < len(self.pattern) and depth:
            sign = self.pattern[self.at]
            if sign == "]" and not first:
                self.at, depth, low = self.at + 1, depth - 1, None
            elif sign == "[":
                self.at, depth, low, first = self.at + 1, depth + 1, None, True
            elif sign == "^" and first:
                self.at += 1
            elif sign == "-" and low is not None and self.at + 1 < len(self.pattern):
                self.at += 1
                added, high = self._sign()
                units, low = units + added + self._span(low, high), None
            else:
                added, low = self._sign()
                units, first = units + added, False
        return units

    def _span(self, low: int, high: int | None) -> int:
        return max(0, (high or 0) - low) // FOLDED_PER_UNIT if self.insensitive else 0

    def _sign(self) -> tuple[int, int | None]:
        """Units of the next letter or escape, and which letter it is, if it is one."""
        sign = self.pattern[self.at]
        self.at += 1
        if sign == ".":
            return ANY, ord(sign)
        if sign != "\\" or self.at >= len(self.pattern):
            return (FOLDED if self.insensitive and not sign.isascii() else 1), ord(sign)
        return self._escape()

    def _escape(self) -> tuple[int, int | None]:
        sign = self.pattern[self.at]
        self.at += 1
        named = self._braced() if sign in BRACED else ""
        if sign in NUMBERED:
            return FOLDED, _number(named or self._digits(NUMBERED[sign]))
        if sign in "pP" and not named:  # its name is one letter
            self.at += 1
        units = TABLE if sign in TABLES else SMALL_TABLE if sign in SMALL_TABLES else 1
        return units, None if units > 1 else ord(sign)

    def _braced(self) -> str:
        """What stands in braces after an escape; a repetition is none."""
        end = self.pattern.find("}", self.at)
        if end < 0 or not self.pattern.startswith("{", self.at):
            return ""
        inside = self.pattern[self.at + 1 : end]
        is_count = _COUNT.match(self.pattern, self.at) and self.pattern[self.at - 1] in "bB"
        self.at = self.at if is_count else end + 1
        return "" if is_count else inside

    def _digits(self, size: int) -> str:
        digits = self.pattern[self.at : self.at + size]
        self.at += size
        return digits


def _number(digits: str) -> int:
    """The letter that hexadecimal digits name; the last there is for what names none."""
    try:
        return min(int(digits, 16), 0x10FFFF)
    except ValueError:
        return 0x10FFFF
