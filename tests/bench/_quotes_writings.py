"""How models write down the lines that they quote: each writing takes lines and gives the quote's text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a head, with the number of the first; `removed` are old lines of the same hunk."""

    first: int
    lines: Lines
    removed: Lines
    chance: random.Random


Writing = Callable[[Place], str]


def _each(change: Callable[[str], str]) -> Writing:
    return lambda place: "\n".join(map(change, place.lines))


def _numbered(shape: str) -> Writing:
    return lambda place: "\n".join(
        shape.format(number=place.first + at, line=line) for at, line in enumerate(place.lines)
    )


def _wrapped(place: Place) -> str:
    """Each line broken at a blank in its middle, as a narrow answer would."""
    return "\n".join(_broken(line) for line in place.lines)


def _broken(line: str) -> str:
    inner = [at for at, char in enumerate(line) if char == " " and line[:at].strip() and line[at:].strip()]
    if not inner:
        return line
    at = inner[len(inner) // 2]
    return f"{line[:at]}\n        {line[at:].lstrip()}"


def _elided(mark: str) -> Writing:
    """The first and the last line, and a mark for those between them."""
    return lambda place: "\n".join(
        place.lines if len(place.lines) < 3 else [place.lines[0], mark, place.lines[-1]]
    )


def _elided_within(place: Place) -> str:
    """A mark in the place of the middle third of the longest line."""
    longest = max(range(len(place.lines)), key=lambda at: len(place.lines[at].strip()))
    line = place.lines[longest]
    third = len(line.strip()) // 3
    start = len(line) - len(line.lstrip()) + third
    short = f"{line[:start]}...{line[start + third :]}" if third >= 8 else line
    return "\n".join([*place.lines[:longest], short, *place.lines[longest + 1 :]])


def _trimmed(place: Place) -> str:
    """The first line without its first word, the last without its last, where words are left to tell them by."""
    lines = list(place.lines)
    lines[0] = re.sub(r"^\s*\S+\s(?=.*\S.*\s)", "", lines[0])
    lines[-1] = re.sub(r"(?<=\S)\s+\S+\s*$", "", lines[-1]) if len(lines[-1].split()) > 3 else lines[-1]
    return "\n".join(lines)


def _marked(place: Place) -> str:
    """As a diff shows it, what was there before included."""
    return "\n".join([*(f"-{line}" for line in place.removed), *(f"+{line}" for line in place.lines)])


def _spaced(line: str) -> str:
    return re.sub(r"(?<=\S) (?=\S)", "  ", line).replace("(", "( ")


def _tight(line: str) -> str:
    return re.sub(r" ?([=+,:]) ?", r"\1", line)


def _fenced(inner: Writing) -> Writing:
    return lambda place: f"```python\n{inner(place)}\n```"


WRITINGS: Mapping[str, Writing] = {
    "as it stands": _each(str),
    "without indentation": _each(str.strip),
    "indented more": _each(lambda line: f"    {line}"),
    "tabs for spaces": _each(lambda line: line.replace("    ", "\t")),
    "spaces for tabs": _each(lambda line: line.replace("\t", "        ")),
    "wider white space": _each(_spaced),
    "less white space": _each(_tight),
    "ends with blanks": _each(lambda line: f"{line}  \r"),
    "without blank lines": lambda place: "\n".join(line for line in place.lines if line.strip()),
    "joined to one line": lambda place: " ".join(line.strip() for line in place.lines),
    "wrapped": _wrapped,
    "middle left out (...)": _elided("..."),
    "middle left out (# …)": _elided("    # … (some lines)"),
    "left out within a line": _elided_within,
    "trimmed ends": _trimmed,
    "numbers, colon": _numbered("{number}: {line}"),
    "numbers, bar": _numbered("{number:>4} | {line}"),
    "numbers, tab": _numbered("{number}\t{line}"),
    "numbers, L": _numbered("L{number}: {line}"),
    "the excerpt's gutter": _numbered("{number:>6} +| {line}"),
    "the excerpt's gutter, context": _numbered("{number:>6}  | {line}"),
    "marks of a diff": _each(lambda line: f"+{line}"),
    "marks of a diff, context": _each(lambda line: f" {line}"),
    "marks of a diff, with removed": _marked,
    "fenced": _fenced(_each(str)),
    "fenced, with marks": _fenced(_marked),
    "fenced, with numbers": _fenced(_numbered("{number}: {line}")),
    "inline code": lambda place: f"`{' '.join(line.strip() for line in place.lines)}`",
}

SHORTENED = frozenset(
    {"middle left out (...)", "middle left out (# …)", "left out within a line", "trimmed ends"}
)
"""Writings that leave something out: what is left can stand in more places than the whole."""
LEFT_OUT = re.compile(r"# … \(some lines\)|\.\.\.")
