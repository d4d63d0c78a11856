"""Where a new test file is put, and how it imports what it tests."""

from __future__ import annotations

import posixpath
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

from workers.analysis.imports import imports
from workers.analysis.testing.habits import Habits
from workers.analysis.testing.names import Family, file_name

WORD = "more"
SCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx")
FILES_READ_MAX = 2_000


def place(subject: str, habits: Habits, family: Family, taken: Collection[str]) -> str:
    """The path of a new test of the file `subject`: as the repository's own are called, and none of those in `taken`."""
    folder = habits.home.of(subject)
    pure = PurePosixPath(subject)
    for number in count():
        stem = pure.stem + _another(number, family)
        name = file_name(habits.naming, str(pure.with_stem(stem)), family)
        path = posixpath.join(folder, name)
        if path not in taken:
            return path
    raise AssertionError("count() never ends")


def _another(number: int, family: Family) -> str:
    """What tells a further test of one file from the first."""
    if not number:
        return ""
    nth = str(number) if number > 1 else ""
    if family in (Family.JAVA, Family.KOTLIN):
        return f"{WORD.capitalize()}{nth}"
    return f".{WORD}{nth}" if family is Family.SCRIPT else f"_{WORD}{nth}"


@dataclass(frozen=True, slots=True)
class Imported:
    """How tests call a module: `name` in an import; for Python `base` is the folder that must be on the path."""

    name: str
    base: str = ""


def imported(
    subject: str, test: str, family: Family, files: Mapping[str, str], *, whole: bool = False
) -> Imported:
    """How the test file `test` imports the file `subject`, as the repository's other files import theirs.

    `whole`: a script by its whole name, because what runs the test tries no endings.
    """
    if family is Family.PYTHON:
        return _python(subject, files)
    if family is Family.SCRIPT:
        return Imported(
            _script(subject, test, PurePosixPath(subject).suffix if whole else _ending(subject, files))
        )
    return Imported(PurePosixPath(subject).stem)


def _python(subject: str, files: Mapping[str, str]) -> Imported:
    """The name under which most files import its package; else from the folder above its outermost package."""
    parts = PurePosixPath(subject).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
    starts = range(len(parts))
    used = _roots(files)
    by_use = max(starts, key=lambda start: (used.get(parts[start], 0), -start))
    start = by_use if used.get(parts[by_use]) else _outermost(parts, files)
    return Imported(".".join(parts[start:]), "/".join(parts[:start]))


def _roots(files: Mapping[str, str]) -> dict[str, int]:
    """The first names of absolute imports, and in how many files they stand."""
    counted = Counter[str]()
    for path in [path for path in files if path.endswith(".py")][:FILES_READ_MAX]:
        counted.update({one.target.partition(".")[0] for one in imports(path, files[path])})
    return {name: times for name, times in counted.items() if name and name not in sys.stdlib_module_names}


def _outermost(parts: Sequence[str], files: Mapping[str, str]) -> int:
    """Where the chain of packages that ends at the module begins."""
    start = len(parts) - 1
    while start and "/".join([*parts[:start], "__init__.py"]) in files:
        start -= 1
    return start


def _script(subject: str, test: str, ending: str) -> str:
    relative = posixpath.relpath(subject, posixpath.dirname(test) or ".")
    stem, _ = posixpath.splitext(relative if relative.startswith(".") else f"./{relative}")
    return stem + ending


def _ending(subject: str, files: Mapping[str, str]) -> str:
    """What relative imports end with here: nothing, the file's own ending, or ".js" also where the file is TypeScript."""
    scripts = [path for path in files if path.endswith(SCRIPT_SUFFIXES)][:FILES_READ_MAX]
    local = [one.target for path in scripts for one in imports(path, files[path]) if one.target[:1] == "."]
    endings = Counter(posixpath.splitext(target)[1] for target in local)
    usual = endings.most_common(1)[0][0] if endings else ""
    if usual not in SCRIPT_SUFFIXES:
        return ""
    return usual if usual == ".js" else PurePosixPath(subject).suffix
