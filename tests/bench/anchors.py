"""Quotes to lines: how often quoted code of real pull requests is found again, as models write it down."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench.result import Result
from workers.analysis.anchors import Anchor, commentable, locate
from workers.analysis.diff import parse_diff
from workers.domain.change import ChangedFile

DATA = Path(__file__).parents[3] / "shared" / "data" / "review" / "placement.jsonl.gz"
FOUND_GOAL = 0.88
HINT_OFF_MAX_LINES = 10

_WRITINGS: Mapping[str, Callable[[int, list[str]], str]] = {
    "as it stands": lambda _, lines: "\n".join(lines),
    "indented otherwise": lambda _, lines: "\n".join(line.strip() for line in lines),
    "with line numbers": lambda first, lines: "\n".join(
        f"{first + i}: {line}" for i, line in enumerate(lines)
    ),
    "with marks of a diff": lambda _, lines: "\n".join(f"+{line}" for line in lines),
    "on one line": lambda _, lines: " ".join(line.strip() for line in lines),
}

DATA_SHAPE = "JSON lines of a diff and its comments, gzipped"


async def run(data: str | None) -> list[Result]:
    """`data` holds a diff and comments with path, side and lines on each line; nothing is measured without it."""
    path = Path(data) if data else DATA
    if not path.exists():
        print(f"skipped: {path} is not there")
        return []
    chance = random.Random(1)
    places = list(_places(path))
    exact = sum(anchor == Anchor(last, first if first < last else None) for first, last, _, anchor in places)
    found: Counter[str] = Counter()
    asked = 0
    for first, last, file, _ in places:
        lines = _right_lines(file, first, last)
        if not lines or not any(map(str.isalnum, lines[0])) or not any(map(str.isalnum, lines[-1])):
            continue
        asked += 1
        near = last + chance.randint(-HINT_OFF_MAX_LINES, HINT_OFF_MAX_LINES)
        for name, write in _WRITINGS.items():
            wanted = Anchor(last, first if first < last else None)
            found[name] += locate(write(first, lines), file, near=near) == wanted
    goal = f">= {FOUND_GOAL}"
    return [
        Result("comments placed exactly where people put them", round(exact / len(places), 3), "share"),
        Result("quotes asked for", asked, "quotes"),
        *(Result(f"found, {name}", round(found[name] / asked, 3), "share", goal, found[name] / asked >= FOUND_GOAL)
          for name in _WRITINGS),
    ]  # fmt: skip


def _places(path: Path) -> Iterator[tuple[int, int, ChangedFile, Anchor | None]]:
    for row in map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines()):
        files = {file.path: file for file in parse_diff(row["diff"])}
        for comment in row["comments"]:
            file = files.get(comment["path"])
            if (
                file is None
                or comment["side"] != "right"
                or not (comment["from_line"] and comment["to_line"])
            ):
                continue
            first, last = sorted((comment["from_line"], comment["to_line"]))
            yield first, last, file, commentable(first, last, file)


def _right_lines(file: ChangedFile, first: int, last: int) -> list[str]:
    """The head's lines `first..last`; empty when a hunk does not show them all."""
    shown = {
        number: line[1:]
        for hunk in file.hunks
        for number, line in enumerate(
            (line for line in hunk.lines if line[0] not in "-\\"), start=hunk.new_start
        )
    }
    return (
        [shown[number] for number in range(first, last + 1)]
        if shown.keys() >= set(range(first, last + 1))
        else []
    )
