"""How a repository tests its code: with what, where tests live, how they are called. Nothing is run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeVar

from workers.analysis.languages import Language, is_test_path, language_of
from workers.analysis.testing.frameworks import Framework, Signs, framework_of
from workers.analysis.testing.names import FAMILIES, Family, TestName, test_name

TESTS_READ_MAX = 400
EXAMPLES_MAX = 3
T = TypeVar("T")


class Layout(StrEnum):
    """Where a test stands: the tree of the code again below a folder, beside the code, or all in one folder."""

    MIRROR = "mirror"
    BESIDE = "beside"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Home:
    """A layout. MIRROR: `folder` in the place of `stripped`; BESIDE: in `folder` of the code's own; FLAT: in `folder`."""

    layout: Layout
    folder: str = ""
    stripped: str = ""

    def of(self, subject: str) -> str:
        """The folder of the tests of the file `subject`; "" is the root."""
        own = PurePosixPath(subject).parent
        if self.layout is Layout.FLAT:
            return self.folder
        if self.layout is Layout.BESIDE:
            return _plain(own / self.folder)
        inside = own.relative_to(self.stripped) if own.is_relative_to(self.stripped) else own
        return _plain(PurePosixPath(self.folder) / inside)


@dataclass(frozen=True, slots=True)
class Habits:
    """`naming` holds "{}" for the name of what is tested; `examples` are tests that stand there, the most usual first."""

    framework: Framework
    home: Home
    naming: str
    examples: tuple[str, ...] = ()


DEFAULTS: Mapping[Family, tuple[Home, str]] = {
    Family.PYTHON: (Home(Layout.MIRROR, "tests"), "test_{}.py"),
    Family.SCRIPT: (Home(Layout.BESIDE), "{}.test"),
    Family.JAVA: (Home(Layout.MIRROR, "src/test/java", "src/main/java"), "{}Test.java"),
    Family.KOTLIN: (Home(Layout.MIRROR, "src/test/kotlin", "src/main/kotlin"), "{}Test.kt"),
    Family.GO: (Home(Layout.BESIDE), "{}_test.go"),
}


def habits(files: Mapping[str, str], language: Language | None) -> Habits | None:
    """How `files` (path → text, of the whole repository) test code of `language`; None where nobody can tell."""
    family = FAMILIES.get(language) if language is not None else None
    if family is None:
        return None
    own = [path for path in files if _family(path) is family]
    named = [(path, name) for path in own if (name := test_name(path, family))][:TESTS_READ_MAX]
    tests = tuple(path for path, _ in named)
    framework = framework_of(family, Signs(files, tests))
    if framework is None:
        return None
    home, naming = DEFAULTS[family]
    home = _most(_homes(named, own)) or _root_of(tests, home)
    naming = _most(name.naming for _, name in named) or naming
    return Habits(framework, home, naming, _examples(tests, files))


def _family(path: str) -> Family | None:
    language = language_of(path)
    return FAMILIES.get(language) if language is not None else None


def _homes(named: Sequence[tuple[str, TestName]], own: Sequence[str]) -> Iterator[Home]:
    """Where each stands, seen from the file that it is about: of several with that name, the nearest."""
    by_name: dict[str, list[PurePosixPath]] = {}
    for path in own:
        if not is_test_path(path):
            by_name.setdefault(PurePosixPath(path).stem, []).append(PurePosixPath(path).parent)
    for path, name in named:
        test = PurePosixPath(path).parent
        subjects = by_name.get(name.subject, [])
        if subjects:
            yield _home(max(subjects, key=lambda one: _shared_end(one.parts, test.parts)), test)


def _home(subject: PurePosixPath, test: PurePosixPath) -> Home:
    if test == subject or test.parent == subject:
        return Home(Layout.BESIDE, "" if test == subject else test.name)
    shared = _shared_end(subject.parts, test.parts)
    if not shared and subject.parts:
        return Home(Layout.FLAT, _plain(test))
    folder = test.parts[: len(test.parts) - shared]
    stripped = subject.parts[: len(subject.parts) - shared]
    return Home(Layout.MIRROR, "/".join(folder), "/".join(stripped))


def _shared_end(one: Sequence[str], other: Sequence[str]) -> int:
    """How many folders at their ends are the same."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count


def _root_of(tests: Sequence[str], home: Home) -> Home:
    """Tests that are about no file by name still show their folder."""
    top = _most(path.partition("/")[0] for path in tests if "/" in path)
    return Home(Layout.FLAT, top) if top and home == DEFAULTS[Family.PYTHON][0] else home


def _examples(tests: Sequence[str], files: Mapping[str, str]) -> tuple[str, ...]:
    """Of middle length first: neither a stub nor a monster shows how tests are written here."""
    lengths = sorted(len(files[path]) for path in tests)
    middle = lengths[len(lengths) // 2] if lengths else 0
    return tuple(sorted(tests, key=lambda path: (abs(len(files[path]) - middle), path))[:EXAMPLES_MAX])


def _most(values: Iterable[T]) -> T | None:
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None


def _plain(path: PurePosixPath) -> str:
    return "" if str(path) == "." else str(path)
