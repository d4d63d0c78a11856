"""Other changed files that a claim's file has to do with: the guard may stand in its caller."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from workers.domain.change import ChangedFile
from workers.experts.refuting_sheet import Sheet, sheet_of

NAME_MIN_CHARS = 3
GUTTER_CHARS = 10
_WORD = re.compile(r"\w+")
_OF_FOLDER = frozenset({"__init__", "index", "mod", "main"})


def beside(shown: Sequence[Sheet], files: Mapping[str, ChangedFile], max_chars: int) -> Iterator[Sheet]:
    """Whole files that name one of those `shown`, or are named by one, as far as so many characters go."""
    paths = {sheet.path for sheet in shown}
    names = {_name(path) for path in paths}
    said = {word for path in paths for word in _words(files[path])}
    for file in files.values():
        if file.path in paths or file.text is None or _least_chars(file.text) > max_chars:
            continue
        if _name(file.path) not in said and not _says_one(file, names):
            continue
        sheet = sheet_of(file)
        chars = len(str(sheet)) + 2
        if chars <= max_chars:
            yield sheet
            max_chars -= chars


def _least_chars(text: str) -> int:
    """What its sheet takes at least: a number and a mark stand in front of each line."""
    return len(text) + GUTTER_CHARS * text.count("\n")


def _says_one(file: ChangedFile, names: set[str]) -> bool:
    """Whether one of `names` is a word of `file`; most say none, which is quickly seen."""
    text = file.text or ""
    return any(name in text for name in names) and not names.isdisjoint(_words(file))


def _words(file: ChangedFile) -> set[str]:
    return {word for word in _WORD.findall(file.text or "") if len(word) >= NAME_MIN_CHARS}


def _name(path: str) -> str:
    """What others call the module."""
    pure = PurePosixPath(path)
    return pure.parent.name if pure.stem in _OF_FOLDER else pure.stem
