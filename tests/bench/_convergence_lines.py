"""Texts whose lines know where they came from, so that the truth about a finding survives whatever is done to them."""

from __future__ import annotations

import ast
import difflib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

_origins = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Line:
    """`origin` is kept by a line that is moved, indented or wrapped, and new where the code is; `defect` is a seed's."""

    text: str
    origin: int
    defect: int | None = None


Text = tuple[Line, ...]
Tree = Mapping[str, Text]


def fresh(lines: Iterable[str], defect: int | None = None) -> Text:
    """Lines that never stood anywhere."""
    return tuple(Line(line, next(_origins), defect) for line in lines)


def written(text: Text) -> str:
    """The file's content."""
    return "".join(f"{line.text}\n" for line in text)


def followed(old: Text, new: Sequence[str]) -> Text:
    """`new` with the origins of the lines of `old` that are still there."""
    matcher = difflib.SequenceMatcher(None, [line.text for line in old], list(new), autojunk=False)
    kept = {
        there + step: old[here + step]
        for here, there, size in matcher.get_matching_blocks()
        for step in range(size)
    }
    return tuple(kept[at] if at in kept else fresh([line])[0] for at, line in enumerate(new))


def parses(text: Text) -> bool:
    """Whether it is Python."""
    try:
        ast.parse(written(text))
    except SyntaxError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level function on lines `start..end` (from 0, end not included), and where a statement can be put in."""

    start: int
    end: int
    slots: tuple[tuple[int, int], ...]


def blocks(text: Text) -> Iterator[Block]:
    """The top-level functions; each slot is a line (from 0) and the indent there."""
    for node in ast.parse(written(text)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(node.body) > 1:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            slots = tuple((one.lineno - 1, one.col_offset) for one in node.body[1:] if one.col_offset)
            yield Block(first - 1, node.end_lineno or node.lineno, slots)


def live(tree: Tree) -> set[int]:
    """The defects that are in it."""
    return {line.defect for text in tree.values() for line in text if line.defect is not None}


def of_defect(tree: Tree, defect: int) -> tuple[str, int, int]:
    """Path, and first and last line (from 0, last not included) of a defect."""
    for path, text in tree.items():
        at = [number for number, line in enumerate(text) if line.defect == defect]
        if at:
            return path, at[0], at[-1] + 1
    raise KeyError(defect)


def spliced(tree: Tree, path: str, start: int, end: int, lines: Iterable[Line]) -> Tree:
    """`tree` with other lines in place of `start..end` of a file."""
    text = tree[path]
    return {**tree, path: (*text[:start], *lines, *text[end:])}


def retagged(line: Line, text: str) -> Line:
    """The same line in another form."""
    return replace(line, text=text)
