"""What an unquoted word of YAML means: nothing, true, false, a number, or itself. Dates and times are texts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

NUMBER_MAX_CHARS = 24

_WORDS: Mapping[str, bool | None] = {
    form: value
    for words, value in ((("yes", "true", "on"), True), (("no", "false", "off"), False), (("null",), None))
    for word in words
    for form in (word, word.capitalize(), word.upper())
} | {"": None, "~": None}

_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_OTHER_BASE = re.compile(r"[-+]?(?:0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class ScalarError(ValueError):
    """A word that is read differently by different people; `message` and `fix` go into a Problem."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def resolve(text: str) -> str | int | float | bool | None:
    """The value of an unquoted `text`; `text` itself where it is no other. Raises ScalarError."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMBER_STARTS else text


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text):
        return int(_short(text))
    if _FLOAT.fullmatch(text):
        return _finite(float(_short(text).replace("_", "")))
    if _NO_NUMBER.fullmatch(text):
        return _finite(math.inf)
    if _LEADING_ZERO.fullmatch(text) or _OTHER_BASE.fullmatch(text):
        raise ScalarError(
            "is a number in a notation that is not read alike everywhere.", _plain_or_quoted(text)
        )
    return text


def _short(text: str) -> str:
    if len(text) > NUMBER_MAX_CHARS:
        raise ScalarError(f"is a number of more than {NUMBER_MAX_CHARS} characters.")
    return text.rstrip("_").replace("_", "")


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ScalarError("must be a finite number.")
    return number


def _plain_or_quoted(text: str) -> str:
    return f'Write a plain decimal number, or quote it: "{text[:NUMBER_MAX_CHARS]}".'
