"""What a module offers to those that import it, read from the lines that begin at its margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workers.analysis.imports import SCRIPTS

PYTHON_DEFINED = re.compile(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(?P<name>[A-Za-z]\w*)|^(?P<value>[A-Za-z]\w*)[ \t]*(?::[^=\n]{1,200})?=(?!=)",
    re.MULTILINE,
)
PYTHON_FUNCTION = re.compile(r"^(?:async[ \t]+)?def[ \t]+(?P<name>[A-Za-z]\w*)[ \t]*\(", re.MULTILINE)
MARGIN = re.compile(r"\n(?=[^\s)#])")
PARAMETERS_MAX_CHARS = 4_000
SCRIPT_DEFINED = re.compile(
    r"^export[ \t]+(?:declare[ \t]+)?(?:abstract[ \t]+)?(?:async[ \t]+)?"
    r"(?:function\*?|class|const|let|var|interface|type|enum)[ \t]+(?P<name>[A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
OPEN_ENDED = re.compile(
    r"^from[ \t]+\S+[ \t]+import[ \t]+\*|^export[ \t]+\*|\bglobals\(\)|\b__getattr__\b", re.MULTILINE
)
TEXT_MAX_CHARS = 400_000


@dataclass(frozen=True, slots=True)
class Interface:
    """Public names of a module; for its plain functions, the parameters in order and those without a default."""

    names: frozenset[str]
    required: dict[str, tuple[str, ...]]
    accepted: dict[str, frozenset[str]]


def interface(path: str, text: str) -> Interface | None:
    """The interface of a Python or JavaScript/TypeScript module; None for others, and where nobody can tell."""
    if len(text) > TEXT_MAX_CHARS or OPEN_ENDED.search(text):
        return None
    if path.endswith(SCRIPTS):
        return Interface(frozenset(found["name"] for found in SCRIPT_DEFINED.finditer(text)), {}, {})
    if not path.endswith(".py"):
        return None
    names = frozenset(found["name"] or found["value"] for found in PYTHON_DEFINED.finditer(text))
    functions = {
        found["name"]: tuple(_parameters(_inside(text, found.end())))
        for found in PYTHON_FUNCTION.finditer(text)
    }
    return Interface(
        names,
        {name: tuple(one for one, optional in each if not optional) for name, each in functions.items()},
        {name: frozenset(one for one, _ in each) for name, each in functions.items()},
    )


def mentions(text: str, name: str) -> bool:
    """Whether the name stands anywhere in the text as a word."""
    return name in text and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text) is not None


def _inside(text: str, start: int) -> str:
    """From `start` to the bracket that closes the one before it."""
    next_line = MARGIN.search(text, start, start + PARAMETERS_MAX_CHARS)
    depth, end = 0, next_line.start() if next_line else min(len(text), start + PARAMETERS_MAX_CHARS)
    for at in range(start, end):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0:
            return text[start:at]
    return ""


def _parameters(text: str) -> Iterator[tuple[str, bool]]:
    """Each parameter's name and whether callers may leave it out."""
    for part in _split(re.sub(r"#[^\n]*", "", text)):
        name = part.partition(":")[0].partition("=")[0].strip()
        if name not in ("", "*", "/"):
            yield name.lstrip("*"), "=" in part or name.startswith("*")


def _split(text: str) -> Iterator[str]:
    """At the commas outside brackets."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
