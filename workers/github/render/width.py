"""How wide text is shown in a comment, roughly and rather too wide than too narrow: pixels of GitHub's 14 px font."""

from __future__ import annotations

import re
import unicodedata
from math import ceil

COLUMN_PX = 800
"""A comment's column is some 860 px wide; lines end at words, so not all of it is used."""
WORD_MAX_PX = 160
CHAR_PX = 8
THIN_PX = 4
NARROW_PX = 5
CAPITAL_PX = 10
BROAD_PX = 14
HUGE_PX = 180
CODE_PADDING_PX = 10

_THIN = frozenset(" .,:;'|!ijlI")
_NARROW = frozenset('()[]{}ftr/\\-"')
_BROAD = frozenset("MWmw@%")
# what stays one: an escape, a character reference, a letter with its marks is put together by the browser
_PIECE = re.compile(r"\\.|&#?\w{1,8};|.", re.DOTALL)
_ELSEWHERE = "://"
ZWSP = "\u200b"


def width(text: str) -> int:
    """Pixels of `text`, one line of Markdown: what stands between back-ticks is code, whose letters are all as wide."""
    prose, code = text.split("`")[::2], text.split("`")[1::2]
    return sum(map(_width, "".join(prose))) + sum(CODE_PADDING_PX + code_width(part) for part in code)


def code_width(text: str) -> int:
    """Pixels of `text` as code."""
    return sum(max(CHAR_PX, _width(char)) for char in text)


def lines_of(text: str) -> int:
    """How many lines a paragraph takes."""
    return max(1, ceil(width(text) / COLUMN_PX))


def fitting(text: str, max_px: int, max_chars: int) -> int:
    """How many characters of `text` fit; at least 2, so that something is shown."""
    used = 0
    for number, char in enumerate(text[:max_chars]):
        used += _width(char)
        if used > max_px:
            return max(2, number)
    return max_chars


def parted_words(text: str) -> str:
    """`text`, one line of clean Markdown, in which no word is too long to stay in a narrow cell.

    Addresses stay whole: those that are left lead into the repository, and have places to break.
    """
    return " ".join(_parted(word) for word in text.split(" "))


def _parted(word: str) -> str:
    if width(word) <= WORD_MAX_PX or _ELSEWHERE in word:
        return word
    parts, used = [], 0
    for piece in _PIECE.findall(word):
        used += width(piece)
        if used > WORD_MAX_PX:
            parts.append(ZWSP)
            used = width(piece)
        parts.append(piece)
    return "".join(parts)


def _width(char: str) -> int:
    if char.isascii():
        return _ascii_width(char)
    if unicodedata.combining(char) or char == ZWSP:
        return 0
    code = ord(char)
    # ligatures that hold a sentence, and the long signs of old scripts
    return HUGE_PX if 0xFDF0 <= code <= 0xFDFF or 0x12000 <= code <= 0x143FF else BROAD_PX


def _ascii_width(char: str) -> int:
    if char in _THIN:
        return THIN_PX
    if char in _NARROW:
        return NARROW_PX
    return BROAD_PX if char in _BROAD else CAPITAL_PX if char.isupper() else CHAR_PX
