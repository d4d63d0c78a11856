"""Reads JSON as models write it: each departure from the standard is allowed, named, and none is guessed at."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from workers.llm.parsing_repairs import Repair
from workers.llm.parsing_strings import OPENERS, closes, decode, ends

DEPTH_MAX = 64
NUMBER_MAX_CHARS = 64
STEPS_MAX = 100_000  # values, keys and inner quotes of one answer: a twentieth of a second or so

_SPACE = re.compile(r"[\s\ufeff\u200b\u2060]*")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PROPER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[+-]?[A-Za-z_$][\w$]*")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_FOREIGN: dict[str, Any] = {"True": True, "False": False, "None": None, "undefined": None}
_NO_NUMBERS = frozenset(sign + word for sign in ("", "+", "-") for word in ("NaN", "Infinity", "nan", "inf"))
_MISSING = object()


class Broken(Exception):  # noqa: N818 - what the text is, not what went wrong with us
    """The text at the start is no JSON, however kindly read; the message is fit for a model."""


class _Cut(Broken):
    """The text ended too early."""


@dataclass(slots=True)
class Effort:
    """Work left for one answer: the number of steps is bounded over all of its starts."""

    steps_left: int = STEPS_MAX

    def step(self, chars: int = 0) -> None:
        """Take one, and one more for every hundred of `chars`; raises Broken when none is left."""
        self.steps_left -= 1 + chars // 100
        if self.steps_left < 0:
            raise Broken("the answer holds too many values")


@dataclass(slots=True)
class Reader:
    """Reads one object or list of `text`. `keys` are all that were seen, `repairs` what was mended."""

    text: str
    position: int
    effort: Effort
    repairs: set[Repair] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    _depth: int = 0
    _lists: list[list[Any]] = field(default_factory=list)
    _pending: bool = True

    def read(self) -> Any:
        """The value; of one that is cut off, the whole items of its list. Raises Broken."""
        root = self._begin()
        try:
            self._fill(root)
        except _Cut:
            kept = self._lists[0] if self._lists else root
            if not kept or (self._pending and not self._lists):
                raise
            self.repairs.add(Repair.CUT)
            self.position = len(self.text)
        return root

    def _begin(self) -> Any:
        """A whole scalar, or an empty list or object for `_fill`: what is cut off has its place already."""
        self.effort.step()
        mark = self._peek()
        if mark in "{[":
            self.position += 1
            return {} if mark == "{" else []
        return self._string() if mark in OPENERS else self._scalar()

    def _fill(self, value: Any) -> None:
        if not isinstance(value, dict | list):
            return
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Broken(f"the JSON is nested deeper than {DEPTH_MAX} levels")
        if isinstance(value, dict):
            self._object(value)
        else:
            self._lists.append(value)
            self._list(value)
            self._lists.pop()
        self._depth -= 1

    def _object(self, members: dict[str, Any]) -> None:
        self._pending = False
        while self._another("}", commas_due=bool(members)):
            self._pending = True
            key = self._key()
            earlier = members.get(key, _MISSING)
            members[key] = value = self._begin()
            self._fill(value)
            self._pending = False
            if earlier is not _MISSING and earlier != value:
                raise Broken("a key of the JSON stands twice, with different values")

    def _list(self, items: list[Any]) -> None:
        while self._another("]", commas_due=bool(items)):
            value = self._begin()
            self._fill(value)
            items.append(value)

    def _another(self, closer: str, *, commas_due: bool) -> bool:
        """Whether an item follows; past the commas before it, or past the closer."""
        commas = 0
        while (mark := self._peek()) == ",":
            self.position += 1
            commas += 1
        over = mark == closer
        if commas != (0 if over else commas_due):
            self.repairs.add(Repair.COMMAS)
        self.position += over
        return not over

    def _key(self) -> str:
        self.effort.step()
        if self._peek() in OPENERS:
            key = self._string()
        else:
            key = self._take(_WORD, "a key was expected")
            self.repairs.add(Repair.KEYS)
        if self._peek() != ":":
            raise self._broken("a colon was expected")
        self.position += 1
        self.keys.add(key)
        return key

    def _string(self) -> str:
        start = self.position
        for end in ends(self.text, start):
            if closes(self.text, end):
                self.position = end + 1
                return decode(self.text[start + 1 : end], self.text[start], self.repairs)
            self.effort.step()
            self.repairs.add(Repair.INNER_QUOTES)
        self.effort.step(len(self.text) - start)
        raise _Cut("a string of the JSON has no end")

    def _scalar(self) -> Any:
        if _NUMBER.match(self.text, self.position):
            return self._number()
        word = self._take(_WORD, "a value was expected")
        if self.position == len(self.text):
            raise _Cut("the JSON ends in a word")
        if word in _NO_NUMBERS:
            self.repairs.add(Repair.NO_NUMBER)
            return None
        if word in _FOREIGN:
            self.repairs.add(Repair.LITERALS)
            return _FOREIGN[word]
        if word not in _WORDS:
            raise self._broken("text without quotes")
        return _WORDS[word]

    def _number(self) -> int | float | None:
        """A number with something behind it; one that is too large is no number."""
        digits = self._take(_NUMBER, "a number was expected")
        if self.position == len(self.text):
            raise _Cut("the JSON ends in a number")
        if self.text[self.position] not in ",]} \t\r\n/#" or len(digits) > NUMBER_MAX_CHARS:
            raise self._broken("no number that JSON knows")
        if not _PROPER.fullmatch(digits):
            self.repairs.add(Repair.NUMBERS)
        value = float(digits) if set(digits) & set(".eE") else int(digits)
        if math.isfinite(value):
            return value
        self.repairs.add(Repair.NO_NUMBER)
        return None

    def _take(self, form: re.Pattern[str], otherwise: str) -> str:
        found = form.match(self.text, self.position)
        if found is None:
            raise self._broken(otherwise)
        self.position = found.end()
        return found[0]

    def _peek(self) -> str:
        """The next character that is neither space nor comment."""
        while True:
            found = _SPACE.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position >= len(self.text):
                raise _Cut("the JSON is cut off")
            end = self._comment_end()
            if end is None:
                return self.text[self.position]
            self.effort.step(end - self.position)
            self.repairs.add(Repair.COMMENTS)
            self.position = end

    def _comment_end(self) -> int | None:
        if self.text.startswith(("//", "#"), self.position):
            end = self.text.find("\n", self.position)
        elif self.text.startswith("/*", self.position):
            end = self.text.find("*/", self.position + 2)
            end = end + 2 if end >= 0 else end
        else:
            return None
        return len(self.text) if end < 0 else end

    def _broken(self, what: str) -> Broken:
        line = self.text.count("\n", 0, self.position) + 1
        column = self.position - self.text.rfind("\n", 0, self.position)
        return Broken(f"the JSON can't be read at line {line}, column {column}: {what}")
