"""What this repository's own history gives: single commits, and runs of commits that change the same files."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path

from tests.bench._convergence_lines import Text, Tree, followed, fresh, parses, written
from tests.bench._convergence_pushes import State
from tests.bench._git import git

HERE = Path(__file__).parents[2]
FILES_MIN, FILES_MAX, LINES_MAX = 2, 5, 400
RUN = 5
"""So many commits of the history are one pull request of real pushes."""
_OPENINGS = ("def ", "async def ", "class ")
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """Files before and after a first commit, and what later real commits made of them: old and new texts."""

    before: Tree
    after: Tree
    later: tuple[tuple[Texts, Texts], ...] = ()


def commits(first: int, count: int) -> list[Start]:
    """Single commits, from the oldest fitting one number `first` on; what is pushed later is made up."""
    return list(islice(_fitting(), first, first + count))


def runs(first: int, count: int) -> list[Start]:
    """Runs of RUN commits one after the other, none in two runs, from fitting run number `first` on."""
    listed = git(HERE, "rev-list", "--reverse", "--no-merges", "HEAD", "--", "*.py").decode().split()
    windows = (listed[at : at + RUN] for at in range(1, len(listed) - RUN, RUN))
    return list(islice(filter(None, map(_run, windows)), first, first + count))


def merged_in(state: State, old: Texts, new: Texts) -> State:
    """`state` after a real commit that made `new` of `old`; where both changed the same lines, `state`'s stand."""
    head = dict(state.head)
    for path in old.keys() & new.keys() & head.keys():
        if old[path] != new[path]:
            merged = _merged(written(head[path]), old[path], new[path])
            text = followed(head[path], merged.removesuffix("\n").split("\n"))
            head[path] = text if parses(text) and not _doubled(text, head[path]) else head[path]
    return replace(state, head=head)


def _doubled(text: Text, before: Text) -> bool:
    """Whether merging brought a definition twice: what we moved away and they changed."""
    counts, old = (
        Counter(line.text for line in one if line.text.lstrip().startswith(_OPENINGS))
        for one in (text, before)
    )
    return any(count > max(1, old[line]) for line, count in counts.items())


def _merged(ours: str, old: str, theirs: str) -> str:
    with tempfile.TemporaryDirectory(prefix="quorum-bench-") as folder:
        paths = [Path(folder, name) for name in ("ours", "old", "theirs")]
        for path, text in zip(paths, (ours, old, theirs), strict=True):
            path.write_text(text, encoding="utf-8")
        command = ["git", "merge-file", "-p", "--ours", *map(str, paths)]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def _fitting() -> Iterator[Start]:
    listed = git(
        HERE, "log", "--reverse", "--no-merges", "--format=%x00%H", "--name-only", "--diff-filter=M"
    ).decode()
    for entry in listed.split("\0")[1:]:
        commit, *paths = entry.split()
        chosen = [path for path in paths if _is_fit(path)][:FILES_MAX]
        if len(chosen) >= FILES_MIN and (start := _start(f"{commit}^", commit, chosen)) is not None:
            yield start


def _run(window: Sequence[str]) -> Start | None:
    """The files that more than one of these commits changes, at the first one's parent and at each of them."""
    changed = Counter(
        path
        for commit in window
        for path in git(HERE, "diff", "--name-only", "--diff-filter=M", f"{commit}^", commit).decode().split()
        if _is_fit(path)
    )
    chosen = [path for path, times in changed.most_common(FILES_MAX) if times > 1]
    if not chosen or not all(_exists(f"{window[0]}^", path) for path in chosen):
        return None
    if (start := _start(f"{window[0]}^", window[0], chosen)) is None:
        return None
    versions = [
        {path: "\n".join(_lines(commit, path)) + "\n" for path in chosen if _exists(commit, path)}
        for commit in window
    ]
    return replace(start, later=tuple(pairwise(versions)))


def _is_fit(path: str) -> bool:
    return path.endswith(".py") and not path.startswith("tests/bench/")


def _start(old: str, new: str, paths: Sequence[str]) -> Start | None:
    before = {path: fresh(_lines(old, path)) for path in paths}
    after = {path: followed(before[path], _lines(new, path)) for path in paths}
    fits = all(0 < len(text) <= LINES_MAX and parses(text) for text in after.values())
    return Start(before, after) if fits else None


def _exists(commit: str, path: str) -> bool:
    return bool(git(HERE, "ls-tree", commit, "--", path))


def _lines(commit: str, path: str) -> list[str]:
    return git(HERE, "show", f"{commit}:{path}").decode("utf-8").removesuffix("\n").split("\n")
