"""Pull requests rebuilt from their diffs: what the hunks show, and lines that stand for what they leave out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.repository import Content, GitRepository
from workers.analysis.diff import parse_diff
from workers.domain.change import ChangedFile, FileStatus, Hunk

CONTEXT_LINES = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of `first..last` of a file; `side` is GitHub's word."""

    path: str
    side: str
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One pull request, and what was said of it."""

    name: str
    files: tuple[ChangedFile, ...]
    said: tuple[Said, ...]


def spoken(path: Path) -> Iterator[Spoken]:
    """Every pull request of a file of JSON lines, gzipped."""
    for row in map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines()):
        said = tuple(_said(one) for one in row["comments"] if one["from_line"] and one["to_line"])
        yield Spoken(row["pull_request"], tuple(parse_diff(row["diff"])), said)


def _said(comment: Mapping[str, Any]) -> Said:
    first, last = sorted((comment["from_line"], comment["to_line"]))
    return Said(comment["path"], comment["side"].upper(), first, last, comment["text"])


def rebuilt(pull: Spoken, folder: Path) -> GitRepository:
    """A repository whose branch "feature" changes against "main" what the pull request changes."""
    repository = GitRepository.create(folder)
    before: dict[str, Content] = {"README": "x\n"}
    after: dict[str, Content] = {}
    for file in pull.files:
        old_path = file.old_path or file.path
        if file.status is not FileStatus.ADDED:
            before[old_path] = _text(file.hunks, left=True)
            after |= {old_path: None} if old_path != file.path else {}
        if file.status is not FileStatus.REMOVED:
            after[file.path] = _text(file.hunks, left=False)
        elif file.path in before:
            after[file.path] = None
    repository.commit(before, "Before")
    repository.branch("feature")
    repository.commit(after, "After")
    return repository


def _text(hunks: Sequence[Hunk], *, left: bool) -> str:
    """One side of the file; what no hunk shows is a line that is the same on both sides and nowhere else."""
    lines: list[str] = []
    for hunk in hunks:
        start, count = (hunk.old_start, hunk.old_count) if left else (hunk.new_start, hunk.new_count)
        unseen = start - 1 + (count == 0) - len(lines)
        right = hunk.new_start - 1 + (hunk.new_count == 0)
        lines += [f"unseen {right - unseen + number}" for number in range(unseen)]
        lines += _side(hunk, "-" if left else "+")
    goes_on = bool(hunks) and _trailing(hunks[-1]) == CONTEXT_LINES
    ends = not (hunks and hunks[-1].lines and hunks[-1].lines[-1].startswith("\\"))
    return "\n".join([*lines, *(["unseen end"] if goes_on and ends else [])]) + (
        "\n" if ends and lines else ""
    )


def _side(hunk: Hunk, mark: str) -> Iterator[str]:
    return (line[1:] for line in hunk.lines if line[:1] in (mark, " ", ""))


def _trailing(hunk: Hunk) -> int:
    """Lines of context at the hunk's end."""
    count = 0
    for line in reversed(hunk.lines):
        if line[:1] in ("+", "-"):
            break
        count += line[:1] != "\\"
    return count
