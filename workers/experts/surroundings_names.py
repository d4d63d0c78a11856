"""Which names a changed file alters, and which it uses: what to look for in the rest of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.imports import SCRIPTS
from workers.analysis.languages import is_test_path
from workers.analysis.symbols import Symbol
from workers.domain.change import ChangedFile, Hunk
from workers.experts.surroundings_lines import LINE_MAX_CHARS
from workers.experts.surroundings_words import EVERYBODYS, NO_CALLS

NAME_MIN_CHARS = 3
HEAD_MAX_LINES = 8
CONSTRUCTORS = frozenset(("__init__", "__new__", "__call__", "constructor", "initialize"))

_CALLED = re.compile(r"(?<![\w$])([\w$\])]{1,80}+[.])?+([A-Za-z_$][\w$]*+)[ \t]*+\(")
_WORD = re.compile(r"[\w$]++")
_FIELD = re.compile(r"[ \t]*+(?:\w++[ \t]++){0,4}?\w++[?!]?[ \t]*+(?::|=(?!=)|;)")
_DEFINED = re.compile(
    r"^[ \t]*(?:[\w@]++[ \t]++){0,6}?(?:def|class|function\*?|func|fn|fun|interface|struct|enum|trait)[ \t]++"
    r"(?:\([^()\n]{0,80}\)[ \t]*+)?(?P<name>[A-Za-z_$][\w$]*+)"
)


# What the syntax tree calls not public here is meant by nobody outside; elsewhere an interface may hide it.
_PRIVACY = (".go", *SCRIPTS)
_ADVICE = (".py", ".pyi")  # which only advise: what `__all__` leaves out is imported all the same


@dataclass(frozen=True, slots=True)
class Altered:
    """Something that a change alters, as `how` says; `about` are its lines in the new file.

    `shape`: it is called otherwise now, or gone. `private`: nothing outside its folder can mean it.
    """

    name: str
    about: range
    how: str
    method: bool = False
    shape: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """Something that added lines call."""

    name: str
    about: range


def altered(file: ChangedFile, symbols: Sequence[Symbol]) -> list[Altered]:
    """What of `file` others may rely on and is not as it was, the most telling first, each name once."""
    touched = frozenset(number for hunk in file.hunks for number in _touched(hunk))
    removed = frozenset(word for hunk in file.hunks for word in _removed_words(hunk))
    unused = ("__", "test", "Test") if is_test_path(file.path) else "__"
    found = [*_gone(file, symbols), *_changed(file, symbols, touched, removed)]
    best: dict[str, Altered] = {}
    for one in sorted(found, key=lambda one: not one.shape):
        if len(one.name) >= NAME_MIN_CHARS and not one.name.startswith(unused):
            best.setdefault(one.name, one)
    return list(best.values())


def used(file: ChangedFile) -> list[Used]:
    """What the added lines call, in their order, each name once."""
    found: dict[str, Used] = {}
    for hunk in file.hunks:
        for number, line in _new_side(hunk):
            if line[:1] == "+" and "(" in line:
                for receiver, name in _CALLED.findall(line[1:LINE_MAX_CHARS]):
                    if name not in found and _is_telling(name, receiver):
                        found[name] = Used(name, range(number, number + 1))
    return list(found.values())


def _is_telling(name: str, receiver: str) -> bool:
    if len(name) < NAME_MIN_CHARS or name in NO_CALLS or name.startswith("__"):
        return False
    return not receiver or receiver in ("self.", "this.", "cls.") or name not in EVERYBODYS


def _changed(
    file: ChangedFile, symbols: Sequence[Symbol], touched: frozenset[int], removed: frozenset[str]
) -> Iterator[Altered]:
    """The innermost definitions around the touched lines; those that are new have no users yet."""
    lines, added, path = (file.text or "").split("\n"), file.added_lines(), file.path
    inner = [one for one in symbols if one.kind != "type"]
    for one in symbols:
        own = touched.intersection(range(one.start, one.end + 1))
        if one.kind == "type":
            own = own.difference(
                *(range(each.start, each.end + 1) for each in inner if each.owner == one.name)
            )
        if not own or (added.issuperset(range(one.start, one.end + 1)) and one.name not in removed):
            continue
        shape, how = _way(one, own, lines)
        made = one.name in CONSTRUCTORS
        name = one.owner if made else one.name
        method, private = one.kind == "method" and not made, _is_private(one, path) and not made
        yield Altered(name, range(one.start, one.end + 1), how, method, shape, private)


def _is_private(symbol: Symbol, path: str) -> bool:
    if path.endswith(_ADVICE):
        return symbol.name.startswith("_") or symbol.owner.startswith("_")
    return not symbol.public and path.endswith(_PRIVACY)


def _way(symbol: Symbol, own: Iterable[int], lines: Sequence[str]) -> tuple[bool, str]:
    """Whether its users have to write something else now, and how it is altered, in words."""
    if symbol.kind == "type":
        fields = any(_FIELD.match(line) for number in own for line in lines[number - 1 : number])
        return fields, "has other fields after this change" if fields else "this change alters"
    if not _head(symbol, lines).isdisjoint(own):
        return True, "is called otherwise after this change"
    return False, "this change alters"


def _head(symbol: Symbol, lines: Sequence[str]) -> frozenset[int]:
    """The lines that say how it is called."""
    last = min(symbol.end, symbol.start + HEAD_MAX_LINES)
    for number in range(symbol.start, last + 1):
        if lines[number - 1 : number] and lines[number - 1].rstrip().endswith((":", "{", "=>", "=")):
            return frozenset(range(symbol.start, number + 1))
    return frozenset(range(symbol.start, last + 1))


def _gone(file: ChangedFile, symbols: Iterable[Symbol]) -> Iterator[Altered]:
    """What removed lines defined and the file defines no more."""
    there = {symbol.name for symbol in symbols}
    for hunk in file.hunks:
        for number, line in _new_side(hunk):
            found = _DEFINED.match(line[1:LINE_MAX_CHARS]) if line[:1] == "-" else None
            if found and found["name"] not in there:
                yield Altered(found["name"], range(number, number + 1), "this change takes away", shape=True)


def _removed_words(hunk: Hunk) -> Iterator[str]:
    return (word for line in hunk.lines if line[:1] == "-" for word in _WORD.findall(line[1:LINE_MAX_CHARS]))


def _touched(hunk: Hunk) -> Iterator[int]:
    return (number for number, line in _new_side(hunk) if line[:1] in ("+", "-"))


def _new_side(hunk: Hunk) -> Iterator[tuple[int, str]]:
    """Each line with the new file's number where it stands, or where it stood."""
    number = hunk.new_start
    for line in hunk.lines:
        yield number, line
        number += line[:1] not in ("-", "\\")
