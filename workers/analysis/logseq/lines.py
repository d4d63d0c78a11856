"""What a single line of a Logseq page is: a bullet, a heading, a property, or more of a block's text."""

from __future__ import annotations

import re

SPACES_A_LEVEL = 2
HEADING = re.compile(r"(?P<signs>#{1,6})[ \t]+\S")
_BULLET = re.compile(r"(?P<indent>[ \t]*+)-(?:[ \t]+(?P<text>.*))?")
_PROPERTY = re.compile(r"(?P<key>[A-Za-z][\w./-]{0,99})::(?:[ \t]+(?P<value>.*))?")
VALUE_MAX_CHARS = 2_000


def bullet_of(line: str) -> tuple[int, str] | None:
    """How deep a bullet is and its text; None of another line."""
    found = _BULLET.fullmatch(line)
    return (levels(found["indent"]), found["text"] or "") if found is not None else None


def heading_of(text: str) -> int:
    """The level of the heading that `text` begins with, 0 without one."""
    found = HEADING.match(text)
    return len(found["signs"]) if found is not None else 0


def property_of(line: str) -> tuple[str, str] | None:
    """Key, in lower case, and value; None of another line."""
    found = _PROPERTY.fullmatch(line.strip())
    return (
        (found["key"].lower(), (found["value"] or "").strip()[:VALUE_MAX_CHARS])
        if found is not None
        else None
    )


def levels(indent: str) -> int:
    """How many levels blanks indent by: a tab each, or two spaces."""
    tabs = indent.count("\t")
    return tabs + (len(indent) - tabs) // SPACES_A_LEVEL


def unindented(line: str, depth: int) -> str:
    """`line` without the indentation of a block's text `depth` levels deep, or as much of it as there is."""
    at = 0
    for _ in range(depth):
        if line.startswith("\t", at):
            at += 1
        elif line.startswith(" " * SPACES_A_LEVEL, at):
            at += SPACES_A_LEVEL
    return line[at:]
