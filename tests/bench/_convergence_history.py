"""Pull requests out of this repository's own commits, written into a repository of their own push by push."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.bench import _convergence_pushes as pushes
from tests.bench._convergence_lines import Tree, followed, fresh, parses, written
from tests.bench._convergence_pushes import State, Step
from tests.bench._git import git

HERE = Path(__file__).parents[2]
FILES_MIN, FILES_MAX, LINES_MAX = 2, 5, 400
SEEDS = 5
PUSHES = 4

STEPS: Sequence[Step] = (
    pushes.fix, pushes.fix, pushes.fix, pushes.cut, pushes.reword, pushes.rename_names, pushes.reformat, pushes.indent,
    pushes.shift, pushes.grow, pushes.move_down, pushes.move_away, pushes.rename_file,
)  # fmt: skip
WAYS = ("push", "push", "merge", "rebase", "amend", "revert", "take over")


@dataclass(frozen=True, slots=True)
class Push:
    """One head: the commit, the base's commit, what is in them, how it was pushed and what was done."""

    head: str
    base: str
    state: State
    way: str
    steps: tuple[str, ...]


def commits(first: int, count: int) -> list[tuple[Tree, Tree]]:
    """Files before and after real commits of this repository, from the oldest fitting one number `first` on."""
    return list(islice(_fitting(), first, first + count))


def replayed(folder: Path, start: tuple[Tree, Tree], name: str) -> Iterator[Push]:
    """The heads of one pull request, one after the other, each as a commit in a new repository."""
    chance = random.Random(name)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    before, after = start
    state = State({path: text for path, text in before.items() if text}, after)
    numbers = iter(range(1000, 10_000))
    for _ in range(SEEDS):
        state = pushes.seed(state, chance, next(numbers))
    base = _commit(folder, state.base, [])
    head = _commit(folder, state.head, [base])
    yield Push(head, base, state, "opened", ())
    earlier = [state]
    for _ in range(PUSHES):
        way = chance.choice(WAYS)
        state, steps = _changed(state, earlier, way, chance, numbers)
        if way in ("merge", "rebase", "take over"):
            base = _commit(folder, state.base, [base])
        parents = {"merge": [head, base], "push": [head], "revert": [head]}.get(way, [base])
        head = _commit(folder, state.head, parents)
        earlier.append(state)
        yield Push(head, base, state, way, steps)


def _changed(
    state: State, earlier: Sequence[State], way: str, chance: random.Random, numbers: Iterator[int]
) -> tuple[State, tuple[str, ...]]:
    if way == "revert" and len(earlier) > 1:
        old = earlier[-2]
        return State(state.base, {**old.head, **_arrived(old, state)}, state.seeded), ("revert",)
    steps = chance.sample(STEPS, 2)
    for step in steps:
        state = step(state, chance)
    state = pushes.seed(state, chance, next(numbers)) if chance.random() < 0.6 else state
    state = pushes.repeat(state, chance, next(numbers)) if chance.random() < 0.3 else state
    if way in ("merge", "rebase"):
        state = pushes.advance_base(state, chance)
    if way == "take over":
        state = pushes.take_over(state, chance)
    return state, tuple(step.__name__ for step in steps)


def _arrived(old: State, state: State) -> Tree:
    """What the base got meanwhile stays."""
    return {path: text for path, text in state.base.items() if path not in old.base}


def _commit(folder: Path, tree: Tree, parents: Sequence[str]) -> str:
    blobs = b"".join(
        b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
        for path, text in tree.items()
        for content in [written(text).encode()]
    )
    links = b"".join(
        (b"from %s\n" if number == 0 else b"merge %s\n") % parent.encode()
        for number, parent in enumerate(parents)
    )
    stream = b"reset refs/heads/next\ncommit refs/heads/next\ncommitter T <t@example.org> 1700000000 +0000\ndata 1\nx\n"
    git(
        folder,
        "fast-import",
        "--quiet",
        "--force",
        "--date-format=raw",
        stdin=stream + links + b"deleteall\n" + blobs,
    )
    return git(folder, "rev-parse", "refs/heads/next").decode().strip()


def _fitting() -> Iterator[tuple[Tree, Tree]]:
    listed = git(
        HERE, "log", "--reverse", "--no-merges", "--format=%x00%H", "--name-only", "--diff-filter=M"
    ).decode()
    for entry in listed.split("\0")[1:]:
        commit, *paths = entry.split()
        chosen = [path for path in paths if path.endswith(".py") and not path.startswith("tests/bench/")][
            :FILES_MAX
        ]
        if len(chosen) >= FILES_MIN and (trees := _trees(commit, chosen)) is not None:
            yield trees


def _trees(commit: str, paths: Sequence[str]) -> tuple[Tree, Tree] | None:
    before = {path: fresh(_lines(f"{commit}^", path)) for path in paths}
    after = {path: followed(before[path], _lines(commit, path)) for path in paths}
    fits = all(0 < len(text) <= LINES_MAX and parses(text) for text in after.values())
    return (before, after) if fits else None


def _lines(commit: str, path: str) -> list[str]:
    return git(HERE, "show", f"{commit}:{path}").decode("utf-8").removesuffix("\n").split("\n")
