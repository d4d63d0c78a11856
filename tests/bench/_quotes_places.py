"""Lines of real changes that a model may quote, out of a repository's own history."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench._git import diff, git
from tests.bench._quotes_writings import Place
from workers.analysis.diff import parse_diff
from workers.domain.change import ChangedFile, FileStatus, Hunk

LINES_MAX = 6
CHARS_MAX = 1_500
FILES_MAX = 12
PLACES_MAX = 6
FILE_MAX_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Quotable:
    """A changed file with its head, and a place in one of its hunks."""

    commit: str
    file: ChangedFile
    place: Place

    @property
    def last(self) -> int:
        """The place's last line."""
        return self.place.first + len(self.place.lines) - 1


def quotables(repository: Path, commits: range) -> Iterator[Quotable]:
    """Places in the changes of the history's commits with these indices, oldest first; the same on every run."""
    order = (
        git(repository, "rev-list", "--reverse", "--no-merges", "--min-parents=1", "HEAD").decode().split()
    )
    for commit in order[commits.start : commits.stop : commits.step]:
        chance = random.Random(commit)
        files = [file for file in _files(repository, commit) if file.text and file.hunks]
        for file in chance.sample(files, min(FILES_MAX, len(files))):
            yield from (Quotable(commit, file, place) for place in _places(file, chance))


def _files(repository: Path, commit: str) -> Iterator[ChangedFile]:
    for file in parse_diff(diff(repository, f"{commit}^", commit)):
        if file.status is FileStatus.REMOVED or file.omitted is not None:
            continue
        content = git(repository, "cat-file", "blob", f"{commit}:{file.path}")
        if b"\0" not in content and len(content) <= FILE_MAX_BYTES:
            yield replace(file, text=content.decode("utf-8", "replace"))


def _places(file: ChangedFile, chance: random.Random) -> Iterator[Place]:
    """Some ranges of at most LINES_MAX lines that begin and end with words, wherever a hunk shows them."""
    text = (file.text or "").split("\n")
    for _ in range(PLACES_MAX):
        hunk = chance.choice(file.hunks)
        if not hunk.right:
            continue
        first = chance.choice(hunk.right)
        last = min(first + chance.randrange(LINES_MAX), hunk.right.stop - 1)
        lines = text[first - 1 : last]
        if _tells(lines[0]) and _tells(lines[-1]) and sum(map(len, lines)) <= CHARS_MAX:
            yield Place(first, tuple(lines), _removed(hunk), chance)


def _tells(line: str) -> bool:
    return re.search(r"\w", line) is not None


def _removed(hunk: Hunk) -> tuple[str, ...]:
    return tuple(line[1:] for line in hunk.lines if line.startswith("-"))[:2]
