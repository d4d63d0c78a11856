"""What a push was, by git's own word and not by ours."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench._convergence_replay import Push
from tests.bench._git import git

KINDS = (
    "merge of the base", "rebase", "force-push", "force-push to an older head", "revert", "renamed file",
    "renamed twice", "deleted file", "file brought back", "moved code", "retargeted", "base moved",
)  # fmt: skip


def kinds(folder: Path, made: Sequence[Push]) -> Iterator[str]:
    """Of the last of the pushes `made`, all that is true of it."""
    before, now = made[-2], made[-1]
    parents = git(folder, "rev-list", "--parents", "-n1", now.head).decode().split()[1:]
    follows, base_follows = _is_in(folder, before.head, now.head), _is_in(folder, before.base, now.base)
    trees = [git(folder, "rev-parse", f"{push.head}^{{tree}}") for push in made]
    if len(parents) > 1:
        yield "merge of the base"
    if not follows:
        yield "force-push"
        yield from ["rebase"] if now.base != before.base and _is_in(folder, now.base, now.head) else []
        yield from ["force-push to an older head"] if now.head in [push.head for push in made[:-2]] else []
    elif trees[-1] in trees[:-2] and trees[-1] != trees[-2]:
        yield "revert"
    if now.base != before.base:
        yield "base moved" if base_follows else "retargeted"
    yield from _files(folder, made)
    if {"move_down", "move_away"} & set(now.steps):
        yield "moved code"


def _files(folder: Path, made: Sequence[Push]) -> Iterator[str]:
    before, now = made[-2], made[-1]
    renamed = _renames(folder, before, now)
    if renamed:
        yield "renamed file"
        older = {new for one, other in itertools.pairwise(made) for _, new in _renames(folder, one, other)}
        yield from ["renamed twice"] if older & {old for old, _ in renamed} else []
    paths = [set(git(folder, "ls-tree", "-r", "--name-only", push.head).decode().split()) for push in made]
    gone = paths[-2] - paths[-1] - {old for old, _ in renamed}
    yield from ["deleted file"] if gone else []
    back = {path for path in paths[-1] - paths[-2] if any(path in older for older in paths[:-2])}
    yield from ["file brought back"] if back else []


def _renames(folder: Path, before: Push, now: Push) -> list[tuple[str, str]]:
    listed = git(folder, "diff", "--name-status", "--diff-filter=R", "-M", before.head, now.head).decode()
    return [(old, new) for _, old, new in (line.split("\t") for line in listed.splitlines())]


def _is_in(folder: Path, commit: str, other: str) -> bool:
    command = ["git", "-C", str(folder), "merge-base", "--is-ancestor", commit, other]
    return subprocess.run(command, check=False).returncode == 0
