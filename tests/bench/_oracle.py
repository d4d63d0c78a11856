"""What three parsers read out of one diff, in one shape, held against git's counts and the blobs themselves."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import whatthepatch
from unidiff.patch import PatchSet

from tests.bench._git import Counts, blob
from workers.analysis.diff import parse_diff

Lines = list[tuple[int | None, str]]


@dataclass(slots=True)
class Reading:
    """Numbered lines of one file, as a parser tells them."""

    added: Lines = field(default_factory=list)
    removed: Lines = field(default_factory=list)


Parser = Callable[[str], Mapping[str, Reading]]


def ours(text: str) -> dict[str, Reading]:
    """Our parser; the numbers are counted here, from the hunks' starts, and not by the code under test."""
    readings: dict[str, Reading] = {}
    for file in parse_diff(text):
        reading = readings.setdefault(file.path, Reading())
        for hunk in file.hunks:
            old, new = hunk.old_start, hunk.new_start
            for line in hunk.lines:
                if line[0] == "+":
                    reading.added.append((new, line[1:]))
                elif line[0] == "-":
                    reading.removed.append((old, line[1:]))
                old += line[0] in " -"
                new += line[0] in " +"
        assert file.added_lines() == {number for number, _ in reading.added}
    return readings


def by_unidiff(text: str) -> dict[str, Reading]:
    """unidiff's `PatchSet`."""
    readings: dict[str, Reading] = {}
    for file in PatchSet(text):
        reading = readings.setdefault(file.path, Reading())
        for line in (line for hunk in file for line in hunk):
            if line.is_added:
                reading.added.append((line.target_line_no, line.value.removesuffix("\n")))
            elif line.is_removed:
                reading.removed.append((line.source_line_no, line.value.removesuffix("\n")))
    return readings


def by_whatthepatch(text: str) -> dict[str, Reading]:
    """whatthepatch's `parse_patch`; its prefix "a/" or "b/" is cut off for it."""
    readings: dict[str, Reading] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        diffs = list(whatthepatch.parse_patch(text))
    for diff in diffs:
        name = diff.header.old_path if diff.header.new_path == "/dev/null" else diff.header.new_path
        reading = readings.setdefault(re.sub(r"^[ab]/", "", name), Reading())
        for change in diff.changes or ():
            if change.old is None:
                reading.added.append((change.new, change.line))
            elif change.new is None:
                reading.removed.append((change.old, change.line))
    return readings


PARSERS: Mapping[str, Parser] = {"ours": ours, "unidiff": by_unidiff, "whatthepatch": by_whatthepatch}


@dataclass(frozen=True, slots=True)
class Commits:
    """Where the blobs are."""

    repository: Path
    base: str
    head: str


def wrong_files(parser: Parser, text: str, rows: Sequence[Counts], commits: Commits) -> list[str]:
    """Paths that the parser lacks, miscounts, numbers wrongly or invents; all of them when it raises."""
    try:
        readings = dict(parser(text))
    except Exception:  # noqa: BLE001  (a peer may raise anything; it is counted, not hidden)
        return [_text(row.path) for row in rows]
    wrong = []
    for row in rows:
        reading = readings.pop(_text(row.path), None)
        if reading is None or not _agrees(reading, row, commits):
            wrong.append(_text(row.path))
    return wrong + list(readings)


def _agrees(reading: Reading, row: Counts, commits: Commits) -> bool:
    if row.added is None:
        return not reading.added and not reading.removed
    if (len(reading.added), len(reading.removed)) != (row.added, row.removed):
        return False
    old = blob(commits.repository, commits.base, row.old_path) if reading.removed else []
    new = blob(commits.repository, commits.head, row.path) if reading.added else []
    return _stand(reading.removed, old) and _stand(reading.added, new)


def _stand(lines: Lines, content: list[str] | None) -> bool:
    """Each numbered line is the blob's line of that number; a submodule has no blob, its counts are all."""
    if content is None:
        return True
    return all(
        number and 0 < number <= len(content) and content[number - 1] == text for number, text in lines
    )


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
