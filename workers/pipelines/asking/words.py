"""Words of a question that may name something of the repository: files, places in them, symbols."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

WORDS_MAX = 300
PLACES_MAX = 30
NAME_MIN_CHARS = 3
PLAIN_MIN_CHARS = 4

_WORD = re.compile(r"[\w$]{1,100}+")
_PLACE = re.compile(r"[\w./@+-]{1,400}+(?::\d{1,7})?")
_CODE = re.compile(r"[a-z\d][A-Z]|_|\$")


@dataclass(frozen=True, slots=True)
class Name:
    """A word; `is_code`: no word of prose looks like that, so places that use it tell something too."""

    text: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A file that was named, and a line (from 1) if one was."""

    path: str
    line: int | None


def names(text: str, names_max: int) -> list[Name]:
    """What may be a symbol, what looks like code first, each once."""
    found: dict[str, bool] = {}
    for match in islice(_WORD.finditer(text), WORDS_MAX):
        word = match[0]
        called = text[match.end() : match.end() + 1] == "(" or text[match.start() - 1 : match.start()] == "`"
        is_code = len(word) >= NAME_MIN_CHARS and (called or bool(_CODE.search(word)))
        if (is_code or len(word) >= PLAIN_MIN_CHARS) and not word.isdigit():
            found[word] = found.get(word, False) or is_code
    ordered = sorted(found.items(), key=lambda one: not one[1])
    return [Name(*one) for one in ordered[:names_max]]


def places(text: str, paths: Collection[str], places_max: int) -> list[Place]:
    """Files of `paths` that `text` names, wholly or by the end of their path, if only one ends like that."""
    found: dict[str, Place] = {}
    words = (word for word in _PLACE.findall(text) if "." in word or "/" in word)
    for word in islice(words, PLACES_MAX):
        named, _, number = word.partition(":")
        for path in _meant(named.removeprefix("./").rstrip("."), paths):
            found.setdefault(path, Place(path, int(number) if number else None))
    return list(found.values())[:places_max]


def _meant(named: str, paths: Collection[str]) -> Iterator[str]:
    if named in paths:
        yield named
        return
    ending = [path for path in paths if named and path.endswith(f"/{named}")]
    if len(ending) == 1:
        yield ending[0]
