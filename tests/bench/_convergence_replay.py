"""Pull requests of many pushes, written into a repository of their own push by push."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench import _convergence_pushes as pushes
from tests.bench._convergence_defects import Kind
from tests.bench._convergence_history import Start, Texts, merged_in
from tests.bench._convergence_lines import Tree, written
from tests.bench._convergence_pushes import State, Step
from tests.bench._git import git

SEEDS = 5
PUSHES = 4

STEPS: Sequence[Step] = (
    pushes.fix, pushes.fix, pushes.fix, pushes.cut, pushes.reword, pushes.rename_names, pushes.reformat, pushes.indent,
    pushes.shift, pushes.grow, pushes.move_down, pushes.move_away, pushes.rename_file, pushes.remove_file,
    pushes.bring_back,
)  # fmt: skip
WAYS = ("push", "push", "merge", "rebase", "amend", "revert", "take over", "older head", "retarget")
FOLLOWING = ("push", "revert")
"""Ways that leave the old head in the new one's history, besides merges."""


@dataclass(frozen=True, slots=True)
class Push:
    """One head: the commit, the base's commit, what is in them, how it was pushed and what was done."""

    head: str
    base: str
    state: State
    way: str
    steps: tuple[str, ...]


def replayed(folder: Path, start: Start, name: str, kinds: Sequence[Kind]) -> Iterator[Push]:
    """The heads of one pull request, one after the other, each as a commit in a new repository."""
    chance = random.Random(name)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    state = State(
        {path: text for path, text in start.before.items() if text}, start.after, kinds=tuple(kinds)
    )
    numbers = iter(range(1000, 10_000))
    for _ in range(SEEDS):
        state = pushes.seed(state, chance, next(numbers))
    below = dict(list(state.base.items())[1:])
    root = _commit(folder, below, [])
    base = _commit(folder, state.base, [root])
    made = [Push(_commit(folder, state.head, [base]), base, state, "opened", ())]
    yield made[0]
    for number in range(PUSHES):
        last = made[-1]
        real = start.later[number] if number < len(start.later) else None
        push = _pushed(
            folder, made, chance.choice(_ways(last.state, made)), chance, numbers, real, (root, below)
        )
        made.append(push)
        yield push


def _ways(state: State, made: Sequence[Push]) -> Sequence[str]:
    """What can be done now: there is an older head from the third on, and a branch is left once."""
    retargeted = any(push.way == "retarget" for push in made)
    return [
        way
        for way in WAYS
        if (way not in ("revert", "older head") or len(made) > 1) and not (way == "retarget" and retargeted)
    ]


def _pushed(
    folder: Path,
    made: Sequence[Push],
    way: str,
    chance: random.Random,
    numbers: Iterator[int],
    real: tuple[Texts, Texts] | None,
    root: tuple[str, Tree],
) -> Push:
    last = made[-1]
    if way == "older head":
        old = chance.choice(list(made[:-1]))
        return Push(old.head, last.base, _kept(old.state, last.state), way, (way,))
    if way == "retarget":
        return Push(last.head, root[0], replace(last.state, base=root[1]), way, (way,))
    state, steps = _changed(last.state, [push.state for push in made], way, chance, numbers)
    if real is not None and way != "revert":
        state, steps = merged_in(state, *real), (*steps, "real commit")
    base = _commit(folder, state.base, [last.base]) if way in ("merge", "rebase", "take over") else last.base
    parents = {"merge": [last.head, base], "push": [last.head], "revert": [last.head]}.get(way, [base])
    return Push(_commit(folder, state.head, parents), base, state, way, steps)


def _kept(old: State, now: State) -> State:
    """An older head on the present base; what was seeded since is remembered."""
    return replace(old, base=now.base, seeded=now.seeded)


def _changed(
    state: State, earlier: Sequence[State], way: str, chance: random.Random, numbers: Iterator[int]
) -> tuple[State, tuple[str, ...]]:
    if way == "revert":
        old = earlier[-2]
        return replace(state, head={**old.head, **_arrived(old, state)}, removed=old.removed), ("revert",)
    done: list[str] = []
    for step in chance.sample(STEPS, 2):
        before, state = state, step(state, chance)
        done += [step.__name__] if state is not before else []
    state = pushes.seed(state, chance, next(numbers)) if chance.random() < 0.6 else state
    if chance.random() < 0.3:
        before, state = state, pushes.repeat(state, chance, next(numbers))
        done += ["repeat"] if state is not before else []
    if way in ("merge", "rebase"):
        state = pushes.advance_base(state, chance)
    if way == "take over":
        state = pushes.take_over(state, chance)
    return state, tuple(done)


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
        folder, "fast-import", "--quiet", "--force", "--date-format=raw", stdin=stream + links + b"deleteall\n" + blobs
    )  # fmt: skip
    return git(folder, "rev-parse", "refs/heads/next").decode().strip()
