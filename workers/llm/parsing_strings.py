"""Strings of tolerant JSON: any quotes, raw line breaks, escapes that JSON doesn't know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.llm.parsing_repairs import Repair

OPENERS = "\"'“”‘’"
_CLOSERS = {'"': '"', "'": "'", "“": '“”"', "”": '“”"', "‘": "‘’'", "’": "‘’'"}
_BODIES = {
    opener: re.compile(rf"[^{closers}\\]*(?:\\.[^{closers}\\]*)*", re.DOTALL)
    for opener, closers in _CLOSERS.items()
}
_REPAIRS = {"'": Repair.SINGLE_QUOTES} | dict.fromkeys("“”‘’", Repair.SMART_QUOTES)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/", "\\": "\\", '"': '"'}
_NEXT = re.compile(r"\s*")
_UNREADABLE = re.compile(r"[\ud800-\udfff\x00]")
_CONTROL = re.compile(r"[\x00-\x1f]")


def ends(text: str, position: int) -> Iterator[int]:
    """Where the string that opens at `position` may close: at each of its quotes, in order."""
    opener = text[position]
    while True:
        found = _BODIES[opener].match(text, position + 1)
        position = found.end() if found else len(text)
        if position >= len(text) or text[position] == "\\":
            return
        yield position


def closes(text: str, position: int) -> bool:
    """Whether the quote at `position` ends its string: something structural follows, or a quote on a later line."""
    found = _NEXT.match(text, position + 1)
    after = found.end() if found else position + 1
    if after >= len(text) or text[after] in ",:}]/#":
        return True
    return text[after] in OPENERS and "\n" in text[position:after]


def decode(raw: str, opener: str, repairs: set[Repair]) -> str:
    """What stands between two quotes, without its escapes; unknown ones stay as they are."""
    if opener in _REPAIRS:
        repairs.add(_REPAIRS[opener])
    if _CONTROL.search(raw):
        repairs.add(Repair.LINE_BREAKS)
    return whole(_ESCAPE.sub(lambda found: _unescaped(found, repairs), raw), repairs)


def whole(text: str, repairs: set[Repair]) -> str:
    """Without halves of characters and NUL, which neither UTF-8 nor a database takes; two halves become one."""
    if not _UNREADABLE.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    mended = joined.replace("\0", "\ufffd")
    if "\ufffd" in mended:
        repairs.add(Repair.SURROGATES)
    return mended


def _unescaped(found: re.Match[str], repairs: set[Repair]) -> str:
    code = found[1]
    if code in _PLAIN:
        return _PLAIN[code]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    repairs.add(Repair.ESCAPES)
    return code if code in OPENERS else found[0]
