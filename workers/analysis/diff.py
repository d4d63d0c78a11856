"""Unified diffs as git and GitHub write them, parsed into hunks and changed files.

Only "\\n" ends a line: a carriage return, form feed or U+2028 is content. Every line of a hunk begins with one of
' ', '+', '-', '\\', so "\\n@@ -" and "\\ndiff --git " can stand between hunks and files only: the text is cut there
by `str.split`, and the counts of each hunk header are checked against the marks, both at the speed of C.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from workers.analysis.diff_header import Header, read_header
from workers.domain.change import ChangedFile, FileStatus, Hunk, Omission

T = TypeVar("T")

_FILE = "diff --git "
_HUNK = "@@ -"
# What follows "@@ -". Ten digits are more than git counts to, and int() refuses very long ones.
_COUNTS = re.compile(
    r"([0-9]{1,10})(?:,([0-9]{1,10}))? \+([0-9]{1,10})(?:,([0-9]{1,10}))? @@(?: ([^\n]*)|(?=\n|\Z))"
)
_SUBMODULE_MODE = "160000"
_SHOWN_MAX_CHARS = 60


class DiffError(ValueError):
    """The text is no diff of git: `line` (from 1) is where, `expected` what should have stood there."""

    def __init__(self, line: int, expected: str, found: str) -> None:
        super().__init__(f"line {line}: expected {expected}, found {found}")
        self.line = line
        self.expected = expected
        self.found = found


def parse_patch(patch: str) -> tuple[Hunk, ...]:
    """The hunks of one file's patch, as GitHub sends it (REST, `files[].patch`): it starts with "@@ -".

    An empty patch has no hunks. Raises DiffError.
    """
    text = patch.removesuffix("\n")
    if not text:
        return ()
    if not text.startswith(_HUNK):
        raise DiffError(1, f"a hunk header that starts with {_HUNK!r}", _shown(text))
    return _parse_body(text, text[len(_HUNK) :].split(f"\n{_HUNK}")).hunks


def parse_diff(text: str) -> tuple[ChangedFile, ...]:
    """The files of `git diff` output, in its order; a type change, which git writes as two, is one file.

    Bytes that are not UTF-8 are expected as surrogates ("surrogateescape"), and names are handed on that way.
    Files that the diff itself shows to have nothing to read have `omitted` set: binary, submodule, renamed or mode
    changed only. Raises DiffError; plain (`diff -u`) and combined (`diff --cc`) diffs are refused that way.
    """
    if text in ("", "\n"):
        return ()
    if not text.startswith(_FILE):
        raise DiffError(1, f"a line that starts with {_FILE!r}", _shown(text))
    parts = text.split(
        f"\n{_FILE}"
    )  # its ends are trimmed afterwards: copies of the whole text would cost a third
    parts[0] = parts[0].removeprefix(_FILE)
    parts[-1] = parts[-1].removesuffix("\n")
    return _joined(_each(parts, _parse_file))


def _each(parts: Sequence[str], parse: Callable[[str], T]) -> list[T]:
    """`parse` of each part; an error's line is counted from the first part on (a part's cut cost one "\\n")."""
    done: list[T] = []
    try:
        for part in parts:
            done.append(parse(part))  # noqa: PERF401  (the error needs to know how far it came)
    except DiffError as error:
        before = sum(part.count("\n") + 1 for part in parts[: len(done)])
        raise DiffError(before + error.line, error.expected, error.found) from None
    return done


@dataclass(frozen=True, slots=True)
class _Body:
    hunks: tuple[Hunk, ...] = ()
    additions: int = 0
    deletions: int = 0


def _parse_body(text: str, parts: Sequence[str]) -> _Body:
    """The hunks of one file. `parts` is what follows each "@@ -" of `text`.

    A hunk's additions, deletions and length have to fit its header; that all its other lines are context is
    checked for the whole file at once. Whatever doesn't fit at once is read line by line.
    """
    hunks = _each(parts, _parse_hunk)
    length = sum([len(hunk.lines) for hunk in hunks]) - text.count("\n\\")
    old, new = sum([hunk.old_count for hunk in hunks]), sum([hunk.new_count for hunk in hunks])
    if old + new - length != text.count("\n "):
        hunks = _each(parts, _parse_hunk_by_line)
    return _Body(tuple(hunks), length - old, length - new)


def _parse_hunk(part: str) -> Hunk:
    old_start, old_count, new_start, new_count, section = _counts(part)
    lines = part.split("\n")
    del lines[0]
    length = len(lines)
    if length - part.count("\n+") != old_count or length - part.count("\n-") != new_count:
        return _parse_hunk_by_line(part)
    return Hunk(old_start, old_count, new_start, new_count, tuple(lines), section)


def _parse_hunk_by_line(part: str) -> Hunk:
    old_start, old_count, new_start, new_count, section = _counts(part)
    lines = _counted(part.split("\n")[1:], old_count, new_count)
    return Hunk(old_start, old_count, new_start, new_count, tuple(lines), section)


def _counts(part: str) -> tuple[int, int, int, int, str]:
    match = _COUNTS.match(part)
    if match is None:
        raise DiffError(1, "a hunk header '@@ -old,count +new,count @@'", _shown(_HUNK + part))
    old_start, old, new_start, new, section = match.groups("")
    return int(old_start), int(old or 1), int(new_start), int(new or 1), section


def _counted(lines: Sequence[str], old_left: int, new_left: int) -> list[str]:
    """The lines one by one, blank ones as context (`diff.suppressBlankEmpty`), or an error at the first odd one."""
    kept: list[str] = []
    for number, line in enumerate(lines, start=2):
        mark = line[:1] or " "
        if mark not in " +-\\" or (mark != "\\" and not (old_left or new_left)):
            wanted = "a line of the hunk" if old_left or new_left else "the hunk to end"
            raise DiffError(number, f"{wanted} ({_left(old_left, new_left)})", _shown(line))
        old_left -= mark in " -"
        new_left -= mark in " +"
        if old_left < 0 or new_left < 0:
            raise DiffError(
                number, f"other marks ({_left(max(old_left, 0), max(new_left, 0))})", _shown(line)
            )
        kept.append(line or " ")
    if old_left or new_left:
        raise DiffError(len(lines) + 2, f"more lines ({_left(old_left, new_left)})", "the end of the hunk")
    return kept


def _left(old: int, new: int) -> str:
    return f"the header leaves {old} old and {new} new lines"


def _parse_file(part: str) -> ChangedFile:
    """One file; `part` is what follows its "diff --git "."""
    head, *parts = part.split(f"\n{_HUNK}")
    lines = head.split("\n")
    header = read_header(lines)
    if header is None:
        raise DiffError(1, "names 'a/… b/…'", _shown(head))
    if header.stray is not None:
        raise DiffError(header.stray + 1, "a header line of git", _shown(lines[header.stray]))
    try:
        body = _parse_body(part, parts) if parts else _Body()
    except DiffError as error:
        raise DiffError(len(lines) + error.line, error.expected, error.found) from None
    return ChangedFile(
        path=header.path,
        status=_status(header, bool(parts)),
        hunks=body.hunks,
        old_path=header.old_path,
        additions=body.additions,
        deletions=body.deletions,
        blob_sha=header.blob_sha,
        omitted=_omission(header, bool(parts)),
    )


def _status(header: Header, has_hunks: bool) -> FileStatus:
    if header.status is not None:
        return header.status
    return FileStatus.CHANGED if header.mode_changed and not has_hunks else FileStatus.MODIFIED


def _omission(header: Header, has_hunks: bool) -> Omission | None:
    if header.mode == _SUBMODULE_MODE:
        return Omission.SUBMODULE
    if header.binary:
        return Omission.BINARY
    created = header.status in (FileStatus.ADDED, FileStatus.REMOVED)  # an empty file has no hunks either
    return None if has_hunks or created else Omission.NO_CONTENT_CHANGE


def _joined(files: Sequence[ChangedFile]) -> tuple[ChangedFile, ...]:
    """A path removed and at once added again has changed its type (file, link, submodule): one entry."""
    joined: list[ChangedFile] = []
    for file in files:
        before = joined[-1] if joined else None
        if before and before.path == file.path and _is_type_change(before, file):
            joined[-1] = replace(
                file,
                status=FileStatus.CHANGED,
                hunks=before.hunks + file.hunks,
                additions=before.additions + file.additions,
                deletions=before.deletions + file.deletions,
            )
        else:
            joined.append(file)
    return tuple(joined)


def _is_type_change(before: ChangedFile, after: ChangedFile) -> bool:
    return before.status is FileStatus.REMOVED and after.status is FileStatus.ADDED


def _shown(text: str) -> str:
    line = text.split("\n", 1)[0]
    return repr(line if len(line) <= _SHOWN_MAX_CHARS else line[:_SHOWN_MAX_CHARS] + "…")
