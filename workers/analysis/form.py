"""Code without its form: words alone, so that line breaks, indents, comments and kinds of quotes don't count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workers.analysis.languages import Language, language_of
from workers.analysis.page import Span

STRING_MAX_CHARS = 400
PLACES_MAX = 50
CLOSERS = frozenset(")]}")

_STRING = r""""(?:[^"\\\n]|\\.){0,400}"|'(?:[^'\\\n]|\\.){0,400}'"""
_WORD = r"\\.|\w+|\S"  # an escaped quote opens no string, so none is searched for twice
_PROSE = re.compile(_WORD)
_HASH = re.compile(rf"{_STRING}|(?P<comment>#.*)|{_WORD}")
_SLASHES = re.compile(rf"{_STRING}|(?P<comment>//.*)|{_WORD}")
_DASHES = re.compile(rf"{_STRING}|(?P<comment>--.*)|{_WORD}")
_HASHED = frozenset(
    {
        Language.PYTHON,
        Language.BASH,
        Language.RUBY,
        Language.YAML,
        Language.HCL,
        Language.NIX,
        Language.ELIXIR,
    }
)
_DASHED = frozenset({Language.LUA, Language.HASKELL})
_WRITTEN = frozenset({None, Language.MARKDOWN, Language.HTML, Language.CSS, Language.JSON})


@dataclass(frozen=True, slots=True)
class Form:
    """The words of a text, each with its line (from 1)."""

    words: tuple[str, ...]
    lines: tuple[int, ...]
    flat: str = field(repr=False)
    offsets: tuple[int, ...] = field(repr=False)

    def places(self, other: Form) -> list[Span]:
        """First and last lines of where `other` stands here word for word; the first PLACES_MAX."""
        return list(self._places(other)) if other.words else []

    def _places(self, other: Form) -> Iterator[Span]:
        ends_open = (
            other.words[-1] == "," and len(other.words) > 1
        )  # a closer may have followed, as formatters put it
        flat, size = (other.flat[:-2], len(other.words) - 1) if ends_open else (other.flat, len(other.words))
        at = -1
        for _ in range(PLACES_MAX):
            at = self.flat.find(flat, at + 1)
            if at < 0:
                return
            first = bisect_right(self.offsets, at) - 1
            yield self.lines[first], self.lines[first + size - 1]

    def between(self, first: int, last: int) -> Form:
        """The words on lines `first..last`."""
        start = bisect_right(self.lines, first - 1)
        stop = bisect_right(self.lines, last)
        return _form(self.words[start:stop], self.lines[start:stop])


def form_of(text: str, path: str) -> Form:
    """The form of `text`, which is `path`'s or a quote from it."""
    words: list[str] = []
    lines: list[int] = []
    pattern = _pattern(path)
    for number, line in enumerate(text.split("\n"), start=1):
        for word in _words(line, pattern):
            if word in CLOSERS and words and words[-1] == ",":  # as formatters add it
                words.pop()
                lines.pop()
            words.append(word)
            lines.append(number)
    return _form(tuple(words), tuple(lines))


def _form(words: Sequence[str], lines: Sequence[int]) -> Form:
    offsets, at = [], 0
    for word in words:
        offsets.append(at)
        at += len(word) + 1
    return Form(tuple(words), tuple(lines), "".join(f"\0{word}" for word in words) + "\0", tuple(offsets))


def _words(line: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for match in pattern.finditer(line):
        word = match.group().replace("\0", "")
        if match.lastgroup == "comment" or word == "\\":
            continue
        is_single = len(word) > 1 and word[0] == "'" and '"' not in word
        yield f'"{word[1:-1]}"' if is_single else word


def _pattern(path: str) -> re.Pattern[str]:
    language = language_of(path)
    if language in _WRITTEN:
        return _PROSE
    if language in _HASHED:
        return _HASH
    return _DASHES if language in _DASHED else _SLASHES
