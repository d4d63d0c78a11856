"""git's diff as GitHub lists it: one row a file, the patch without its header, too large ones without a patch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PATCH_MAX_LINES = 20_000
PATCH_MAX_BYTES = 500_000
_STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}
_SUBMODULE = "160000"


@dataclass(frozen=True, slots=True)
class DiffFile:
    """One changed file; `patch` is None for binary, too large and content-equal files."""

    path: str
    status: str
    sha: str
    previous: str | None
    additions: int
    deletions: int
    patch: str | None
    submodule: bool = False

    @property
    def patch_lines(self) -> int:
        """Lines of the patch, which the page-size rule counts."""
        return self.patch.count("\n") + 1 if self.patch is not None else 0


@dataclass(frozen=True, slots=True)
class _Row:
    letter: str
    sha: str
    old: str
    new: str
    modes: tuple[str, str]


def parse_diff(output: bytes) -> tuple[DiffFile, ...]:
    """Read `git diff --raw --numstat --patch -z`: rows, then counts, then patches, all in the same order."""
    reader = _Reader(output)
    rows = list(_rows(reader))
    counts = [_counts(reader) for _ in rows]
    sections = re.split(rb"^(?=diff --git )", reader.rest(), flags=re.MULTILINE)[1:]
    files = []
    for row, (additions, deletions) in zip(rows, counts, strict=True):
        section = sections.pop(0)
        if row.letter == "T":  # git writes a type change as a removal and an addition
            section = sections.pop(0)
        files.append(_file(row, additions, deletions, section))
    return tuple(files)


class _Reader:
    """Takes NUL-ended fields from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def field(self) -> bytes:
        end = self._data.index(b"\0", self._at)
        start, self._at = self._at, end + 1
        return self._data[start:end]

    def at(self, mark: bytes) -> bool:
        return self._data.startswith(mark, self._at)

    def rest(self) -> bytes:
        return self._data[self._at :].removeprefix(b"\0")  # which parts the counts from the patches


def _rows(reader: _Reader) -> Iterator[_Row]:
    while reader.at(b":"):
        old_mode, new_mode, old_sha, new_sha, status = reader.field().decode()[1:].split(" ")
        old = reader.field().decode("utf-8", "replace")
        new = reader.field().decode("utf-8", "replace") if status[0] in "RC" else old
        sha = old_sha if status[0] == "D" else new_sha
        yield _Row(status[0], sha, old, new, (old_mode, new_mode))


def _counts(reader: _Reader) -> tuple[int, int]:
    added, deleted, path = reader.field().split(b"\t", 2)
    if not path:  # a rename: both names follow
        reader.field()
        reader.field()
    return (0, 0) if added == b"-" else (int(added), int(deleted))


def _file(row: _Row, additions: int, deletions: int, section: bytes) -> DiffFile:
    previous = row.old if row.letter in "RC" else None
    patch = _patch(section) if row.letter != "T" else None
    submodule = _SUBMODULE in row.modes
    return DiffFile(row.new, _STATUS[row.letter], row.sha, previous, additions, deletions, patch, submodule)


def _patch(section: bytes) -> str | None:
    start = re.search(rb"^@@ ", section, flags=re.MULTILINE)
    if start is None:
        return None
    body = section[start.start() :].removesuffix(b"\n")
    if len(body) > PATCH_MAX_BYTES or body.count(b"\n") >= PATCH_MAX_LINES:
        return None
    return body.decode("utf-8", "replace")
