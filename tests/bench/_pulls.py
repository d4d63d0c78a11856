"""Pull requests made of the sample's files: each some of them, changed at random, the same on every run."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator
from dataclasses import replace

from tests.sample import FIXTURE, tree
from tests.workers.experts.changes import change, changed
from workers.domain.change import Change, ChangedFile

CODE = (".py", ".js")
FILES_MIN, FILES_MAX = 2, 5
EDITS = 4


def pulls(count: int, seed: int = 1) -> list[Change]:
    """So many pull requests."""
    before, after = tree(FIXTURE / "base"), tree(FIXTURE / "head")
    paths = [path for path in sorted(after) if path.endswith(CODE) and after[path].strip()]
    made = []
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        chosen = sorted(chance.sample(paths, chance.randint(FILES_MIN, FILES_MAX)))
        files = [_changed(path, before.get(path, ""), after[path], chance) for path in chosen]
        made.append(change(*files, title=f"Change {number}", body="As asked."))
    return made


def pushed(pull: Change) -> Change:
    """The same pull request after a push that changes a line of its first file."""
    first, *others = pull.files
    assert first.text is not None
    text = first.text + f"{_comment(first.path)} pushed once more\n"
    return replace(pull, head_sha="c" * 40, files=(_file(first.path, first.text, text), *others))


def _changed(path: str, before: str, after: str, chance: random.Random) -> ChangedFile:
    """`path` as the sample changes it, with some new lines besides."""
    lines = after.splitlines(keepends=True)
    for place in sorted(chance.choices(range(len(lines) + 1), k=EDITS), reverse=True):
        lines.insert(place, f"{_comment(path)} note {chance.randrange(10_000)}\n")
    return _file(path, before, "".join(lines))


def _file(path: str, before: str, after: str) -> ChangedFile:
    return changed(path, "\n".join(_hunks(before, after)), after)


def _hunks(before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return (line for number, line in enumerate(lines) if number > 1)


def _comment(path: str) -> str:
    return "#" if path.endswith(".py") else "//"
