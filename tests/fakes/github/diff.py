"""git's diff as GitHub lists it: one row a file, the patch without its header, too large ones without a patch."""

from __future__ import annotations

import re
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


def parse_diff(raw: bytes, numbers: bytes, patch: bytes) -> tuple[DiffFile, ...]:
    """Join `--raw -z`, `--numstat -z` and `--patch` of the same diff, which list files in the same order."""
    counts = _counts(numbers)
    sections = re.split(rb"^(?=diff --git )", patch, flags=re.MULTILINE)[1:]
    files = []
    for row, (additions, deletions) in zip(_rows(raw), counts, strict=True):
        section = sections.pop(0)
        if row.letter == "T":  # git writes a type change as a removal and an addition
            section = sections.pop(0)
        files.append(_file(row, additions, deletions, section))
    return tuple(files)


def _rows(raw: bytes) -> list[_Row]:
    fields = raw.decode("utf-8", "replace").split("\0")[:-1]
    rows = []
    while fields:
        old_mode, new_mode, old_sha, new_sha, status = fields.pop(0)[1:].split(" ")
        old = fields.pop(0)
        new = fields.pop(0) if status[0] in "RC" else old
        sha = old_sha if status[0] == "D" else new_sha
        rows.append(_Row(status[0], sha, old, new, (old_mode, new_mode)))
    return rows


def _counts(numbers: bytes) -> list[tuple[int, int]]:
    fields = numbers.split(b"\0")[:-1]
    counts = []
    while fields:
        added, deleted, path = fields.pop(0).split(b"\t", 2)
        if not path:  # a rename: both names follow
            del fields[:2]
        counts.append((0, 0) if added == b"-" else (int(added), int(deleted)))
    return counts


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
