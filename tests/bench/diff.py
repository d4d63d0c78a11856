"""Diffs: megabytes a second beside unidiff and whatthepatch, and files misread, with git as the oracle."""

from __future__ import annotations

import random
import statistics
import sysconfig
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import whatthepatch
from unidiff.patch import PatchSet

from tests.bench import _hard_cases
from tests.bench._git import build, diff, git, numstat
from tests.bench._oracle import PARSERS, Commits, wrong_files
from tests.bench.result import Result
from workers.analysis.diff import parse_diff

MB = 1_000_000  # bytes
SOURCE_BYTES = 23 * MB  # the diff of so much source is 10 MB
ROUNDS = 3
RATIO_GOAL = 3.0
HISTORY_MAX_COMMITS = 60

DATA_SHAPE = "the output of `git diff`"


async def run(data: str | None) -> list[Result]:
    """`data` is a file that holds the output of `git diff`; without it one of 10 MB is made from Python's library."""
    with tempfile.TemporaryDirectory() as folder:
        text = _read(Path(data)) if data else _generated(Path(folder) / "library")
        return [
            *_speeds(text),
            *_hard_case_errors(Path(folder) / "cases"),
            *_history_errors(Path(__file__).parents[2]),
        ]


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _generated(repository: Path) -> str:
    """The diff of a seeded rewrite of Python's own library: real code, real hunks, the same on every run."""
    old: dict[bytes, tuple[str, bytes]] = {}
    new: dict[bytes, tuple[str, bytes]] = {}
    size = 0
    chance = random.Random(7)
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if size > SOURCE_BYTES or "site-packages" in path.parts:
            continue
        content = path.read_bytes()
        name = str(path.relative_to(sysconfig.get_path("stdlib"))).encode()
        old[name] = ("100644", content)
        new[name] = ("100644", b"".join(_edited(content.splitlines(keepends=True), chance)))
        size += len(content)
    base, head = build(repository, old, new)
    return diff(repository, base, head)


def _edited(lines: list[bytes], chance: random.Random) -> Iterator[bytes]:
    """An edit each 25 lines or so: a line or three become other ones, and as a rule more.

    That gives about 20 lines and 780 bytes a hunk and two lines added for one removed, as in pull requests.
    """
    skipped = 0
    for line in lines:
        if skipped:
            skipped -= 1
        elif chance.random() > 0.04:
            yield line
        else:
            skipped = chance.randrange(3)
            yield line.replace(b"self", b"this").replace(b"(", b"( ")
            yield from [b"        added = measure(%d)\n" % chance.randrange(1000)] * int(
                chance.expovariate(0.25)
            )


def _map_ours(text: str) -> int:
    return sum(len(file.added_lines()) for file in parse_diff(text))


def _map_unidiff(text: str) -> int:
    files = PatchSet(text)
    return sum(
        len({line.target_line_no for hunk in file for line in hunk if line.is_added}) for file in files
    )


def _map_whatthepatch(text: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files = list(whatthepatch.parse_patch(text))
    return sum(len({change.new for change in file.changes or () if change.old is None}) for file in files)


_MAPPERS: dict[str, Callable[[str], int]] = {
    "ours": _map_ours,
    "unidiff": _map_unidiff,
    "whatthepatch": _map_whatthepatch,
}


def _speeds(text: str) -> list[Result]:
    """Parse and map to right-side numbers, interleaved so that a busy machine slows all three alike."""
    size = len(text.encode("utf-8", "surrogateescape")) / MB
    seconds: dict[str, list[float]] = {name: [] for name in _MAPPERS}
    for _ in range(ROUNDS):
        for name, mapper in _MAPPERS.items():
            start = time.process_time()
            mapper(text)
            seconds[name].append(time.process_time() - start)
    speed = {name: size / statistics.median(times) for name, times in seconds.items()}
    ratio = speed["ours"] / max(speed["unidiff"], speed["whatthepatch"])
    return [
        Result("diff size", round(size, 1), "MB"),
        *(Result(f"parse and map, {name}", round(value, 1), "MB/s") for name, value in speed.items()),
        Result("times the faster peer", round(ratio, 2), "x", f">= {RATIO_GOAL:g}", ratio >= RATIO_GOAL),
    ]


def _hard_case_errors(repository: Path) -> list[Result]:
    """Each case is parsed by itself, so that one misread case does not spoil the others."""
    base, head = build(repository, *_hard_cases.trees())
    wrong = dict.fromkeys(PARSERS, 0)
    for case in _hard_cases.CASES:
        text = diff(repository, base, head, *case.paths)
        rows = numstat(repository, base, head, *case.paths)
        for name, parser in PARSERS.items():
            wrong[name] += bool(wrong_files(parser, text, rows, Commits(repository, base, head)))
    return _wrong(wrong, f"of {len(_hard_cases.CASES)} hard cases")


def _history_errors(repository: Path) -> list[Result]:
    """Every commit of this project's own history, at most HISTORY_MAX_COMMITS; none outside a clone."""
    if not (repository / ".git").exists():
        return []
    commits = (
        git(repository, "rev-list", f"--max-count={HISTORY_MAX_COMMITS}", "--no-merges", "HEAD")
        .decode()
        .split()
    )
    parents = {c: git(repository, "rev-parse", f"{c}^@").decode().split() for c in commits}
    wrong, total = dict.fromkeys(PARSERS, 0), 0
    for head, before in parents.items():
        if not before:
            continue
        rows = numstat(repository, before[0], head)
        text = diff(repository, before[0], head)
        total += len(rows)
        for name, parser in PARSERS.items():
            wrong[name] += len(wrong_files(parser, text, rows, Commits(repository, before[0], head)))
    return _wrong(wrong, f"of {total} changed files in this project's history")


def _wrong(wrong: dict[str, int], among: str) -> list[Result]:
    return [
        Result(f"misread {among}, {name}", count, "files", *(("0", count == 0) if name == "ours" else ()))
        for name, count in wrong.items()
    ]
