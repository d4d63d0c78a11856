"""A Logseq page as a tree of blocks, with what its text points to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """`key:: value` on line `line`, from 1. Keys are lower case."""

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text points to. `kind` is "page" (`[[…]]`, nested ones each by itself), "tag" or "block" (`((…))`)."""

    kind: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on a line, in words."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Block:
    """One bullet or heading at `line`, `depth` bullets deep (0: at the margin).

    `text` is its lines without bullet, indentation and properties; `heading` its level, 0 of what is none.
    """

    line: int
    depth: int
    text: str
    heading: int = 0
    properties: tuple[Property, ...] = ()
    references: tuple[Reference, ...] = ()
    children: tuple[Block, ...] = ()

    def value(self, key: str) -> str:
        """The value of its first property `key`, "" without one."""
        return value_of(self.properties, key)


@dataclass(frozen=True, slots=True)
class Page:
    """`properties` are those before its first block, `text` what else stands there.

    `problems` is what could not be read as meant.
    """

    title: str
    properties: tuple[Property, ...] = ()
    text: str = ""
    blocks: tuple[Block, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[Problem, ...] = ()

    def walk(self) -> Iterator[Block]:
        """Every block, parents before their children."""
        waiting = list(reversed(self.blocks))
        while waiting:
            block = waiting.pop()
            yield block
            waiting += reversed(block.children)


def value_of(properties: tuple[Property, ...], key: str) -> str:
    """The value of the first property `key`, "" without one."""
    return next((one.value for one in properties if one.key == key), "")
