"""Lines that use or define a name, read one by one: as exact as a person who greps, and as quick, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from workers.experts.surroundings_words import BEFORE_METHOD, BOUND, DEFINING, SPEAKING

LINE_MAX_CHARS = 1_000
SHOWN_MAX_CHARS = 200
NEAR_LINES = 3
HEAD_LINES = 6
UPWARDS_MAX_LINES = 300
OWNER_MAX_CHARS = 80

_TYPE_WORD = re.compile(r"[\w$<>\[\],.?&*:@]+")
_OWNER = re.compile(r"(?P<of>\w*+)\??(?:\.|->|::)\Z")
_IMPORT = re.compile(r"[ \t]*(?:import|from|use|using|package|#include|require)\b")
_COMMENT = ("#", "//", "/*", "*", "--", "<!--", '"""')
_NESTED = re.compile(
    r"[ \t]*+(?:[@\w]+[ \t]++){0,6}(?:def|class|function|func|fn|fun|interface|struct|object)\b|.*[{:]$"
)
_CONTROL = re.compile(
    r"[ \t}]*(?:if|for|while|else|elif|try|except|catch|finally|with|switch|case|do|match|return)\b"
)


class Use(IntEnum):
    """How a line speaks of a name; the lower, the more it tells."""

    CALL = 0
    OTHER = 1
    DEFINITION = 2
    IMPORT = 3
    SILENT = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A line (from 1) that names something; `of` is the word that it is taken from, as "cart" in `cart.total`."""

    line: int
    use: Use
    of: str = ""


def mentions(text: str, name: str, *, typed: bool = False) -> Iterator[Mention]:
    """Each place where `name` stands in `text` as a word, in order. Linear in the text.

    `typed`: in this language a function is defined by its type and name, without a word such as "def".
    """
    line, counted = 1, 0
    for at in _places(text, name):
        line += text.count("\n", counted, at)
        counted = at
        yield Mention(line, _use(text, at, at + len(name), typed=typed), _owner(text, at))


def first_definition(text: str, name: str, mentions_max: int, *, typed: bool = False) -> int | None:
    """The line (from 1) of the first of so many mentions that defines `name`: `mentions` without all that others are."""
    for at in islice(_places(text, name), mentions_max):
        if _use(text, at, at + len(name), typed=typed) is Use.DEFINITION:
            return text.count("\n", 0, at) + 1
    return None


def excerpt(lines: list[str], first: int, last: int, hidden: Mapping[int, str]) -> str:
    """Lines `first..last` (from 1) with their numbers; `hidden` are lines of secrets, with their kinds."""
    shown = range(max(1, first), min(len(lines), last) + 1)
    return "\n".join(_numbered(lines, number, hidden) for number in shown)


def around_use(lines: list[str], line: int, hidden: Mapping[int, str]) -> str:
    """A line with its neighbours, below the head of the definition that it stands in."""
    near = excerpt(lines, line - NEAR_LINES, line + NEAR_LINES, hidden)
    head = _head(lines, line)
    if head is None or head >= line - NEAR_LINES:
        return near
    return f"{_numbered(lines, head, hidden)}\n       …\n{near}"


def head_of(lines: list[str], line: int, hidden: Mapping[int, str]) -> str:
    """A definition's first lines."""
    depth = _indent(lines[line - 1])
    last = line
    for number in range(line + 1, min(len(lines), line + HEAD_LINES) + 1):
        text = lines[number - 1]
        if text.strip() and _indent(text) <= depth and not text.strip().startswith((")", "}", "]", "{")):
            break
        last = number if text.strip() else last
    return excerpt(lines, line, last, hidden)


def _places(text: str, name: str) -> Iterator[int]:
    """Where `name` stands as a word."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not _is_word(text[at - 1 : at]) and not _is_word(text[end : end + 1]):
            yield at
        at = text.find(name, end)


def _owner(text: str, at: int) -> str:
    found = _OWNER.search(text, max(0, at - OWNER_MAX_CHARS), at)
    return found["of"] or "?" if found else ""


def _use(text: str, at: int, end: int, *, typed: bool) -> Use:
    start = text.rfind("\n", max(0, at - LINE_MAX_CHARS), at) + 1 or max(0, at - LINE_MAX_CHARS)
    stop = text.find("\n", end, end + LINE_MAX_CHARS)
    before, after = text[start:at], text[end : stop if stop >= 0 else end + LINE_MAX_CHARS]
    plain = before.strip()
    is_listed = not plain.strip("\"'") and not after.strip("\"', \t")
    if is_listed or _IMPORT.match(before):
        return Use.IMPORT
    if plain.startswith(_COMMENT) or plain.endswith("`"):
        return Use.SILENT
    if _defines(plain, after, typed=typed):
        return Use.DEFINITION
    return Use.CALL if after.lstrip(" \t!?").startswith("(") else Use.OTHER


def _defines(before: str, after: str, *, typed: bool) -> bool:
    words = before.split()
    last = words[-1] if words else ""
    if last in DEFINING or (before.startswith("func (") and last.endswith(")")):
        return True
    if last in BOUND:
        return after.lstrip().startswith(("=", ":"))
    if not after.startswith(("(", "<")):
        return False
    if all(word in BEFORE_METHOD for word in words):
        return after.rstrip().endswith("{") and after.count("(") == after.count(")")
    # `public int total(`: nothing but words of a type before the name
    return (
        typed
        and last not in SPEAKING
        and all(map(_TYPE_WORD.fullmatch, words))
        and not last.endswith((".", ":"))
    )


def _head(lines: list[str], line: int) -> int | None:
    """The nearest line above with less indentation that opens a definition."""
    depth = _indent(lines[line - 1])
    for number in range(line - 1, max(0, line - UPWARDS_MAX_LINES), -1):
        text = lines[number - 1][:LINE_MAX_CHARS]
        if text.strip() and _indent(text) < depth:
            depth = _indent(text)
            if _NESTED.match(text) and not _CONTROL.match(text):
                return number
    return None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _numbered(lines: list[str], number: int, hidden: Mapping[int, str]) -> str:
    text = f"«secret:{hidden[number]}»" if number in hidden else lines[number - 1]
    return f"{number:>6} | {text[:SHOWN_MAX_CHARS]}".rstrip()


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter in ("_", "$")
