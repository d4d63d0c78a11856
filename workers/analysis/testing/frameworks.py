"""Which test framework a repository uses, by its tests, or else its configuration and manifests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from workers.analysis.testing.names import Family

READ_MAX_CHARS = 20_000
MANIFESTS_MAX = 50


class Framework(StrEnum):
    """What runs the tests, by the name that its people gave it."""

    PYTEST = "pytest"
    UNITTEST = "unittest"
    VITEST = "vitest"
    JEST = "jest"
    NODE_TEST = "node:test"
    JUNIT4 = "JUnit 4"
    JUNIT5 = "JUnit 5"
    KOTLIN_TEST = "kotlin.test"
    GO_TEST = "go test"


@dataclass(frozen=True, slots=True)
class Signs:
    """All files of a repository, and those of them that are tests of one family of languages."""

    files: Mapping[str, str] = field(repr=False)
    tests: tuple[str, ...]

    def count(self, pattern: re.Pattern[str]) -> int:
        """How many tests hold `pattern`."""
        return sum(pattern.search(self.files[path], 0, READ_MAX_CHARS) is not None for path in self.tests)

    def named(self, names: str) -> Iterator[str]:
        """The texts of files that are called one of `names`, which are parted by blanks."""
        wanted = frozenset(names.split())
        found = [path for path in self.files if PurePosixPath(path).name in wanted]
        return (self.files[path][:READ_MAX_CHARS] for path in found[:MANIFESTS_MAX])

    def says(self, names: str, *words: str) -> bool:
        """Whether a file of that name holds one of `words`; without words: whether there is such a file."""
        return any(not words or any(word in text for word in words) for text in self.named(names))


def framework_of(family: Family, signs: Signs) -> Framework | None:
    """The framework that is used, or would be without a new dependency; None where none of those that are known is."""
    return _BY_FAMILY[family](signs)


_PYTHON_MANIFESTS = (
    "pyproject.toml setup.cfg setup.py tox.ini Pipfile environment.yml requirements.txt requirements-dev.txt "
    "dev-requirements.txt requirements_dev.txt test-requirements.txt requirements-test.txt"
)
_JVM_MANIFESTS = "pom.xml build.gradle build.gradle.kts libs.versions.toml"
_CASE = re.compile(r"^class \w+\((?:unittest\.)?(?:IsolatedAsyncio)?TestCase\)", re.MULTILINE)
_PYTEST = re.compile(r"^(?:import pytest|from pytest )|^(?:async )?def test_", re.MULTILINE)
_JUNIT5 = re.compile(r"^import (?:static )?org\.junit\.jupiter\.", re.MULTILINE)
_JUNIT4 = re.compile(r"^import (?:static )?org\.junit\.(?!jupiter\.)", re.MULTILINE)
_KOTLIN = re.compile(r"^import kotlin\.test\.", re.MULTILINE)
_VITEST = re.compile(r"from [\"']vitest[\"']")
_JEST = re.compile(r"from [\"']@jest/globals[\"']|\bjest\.")
_NODE = re.compile(r"(?:from |\brequire\()[\"']node:test[\"']")


def _python(signs: Signs) -> Framework:
    cases, functions = signs.count(_CASE), signs.count(_PYTEST)
    if cases or functions:
        return Framework.UNITTEST if cases > functions else Framework.PYTEST
    configured = signs.says("pytest.ini conftest.py .pytest.ini") or signs.says(_PYTHON_MANIFESTS, "pytest")
    return Framework.PYTEST if configured else Framework.UNITTEST


def _script(signs: Signs) -> Framework | None:
    known = {Framework.VITEST: _VITEST, Framework.JEST: _JEST, Framework.NODE_TEST: _NODE}
    counts = {framework: signs.count(pattern) for framework, pattern in known.items()}
    most = max(counts.values())
    if most and len(used := [one for one, times in counts.items() if times == most]) == 1:
        return used[0]
    suffixes = ("js", "ts", "mjs", "mts", "cjs", "cts", "json")
    for framework in (Framework.VITEST, Framework.JEST):
        configs = " ".join(f"{framework}.config.{suffix}" for suffix in suffixes)
        if signs.says(configs) or signs.says("package.json", f'"{framework}"'):
            return framework
    return Framework.NODE_TEST if signs.says("package.json", "node --test") else None


def _java(signs: Signs) -> Framework | None:
    old, new = signs.count(_JUNIT4), signs.count(_JUNIT5)
    if old != new:
        return Framework.JUNIT4 if old > new else Framework.JUNIT5
    if signs.says(_JVM_MANIFESTS, "junit-jupiter", "org.junit.jupiter", "useJUnitPlatform"):
        return Framework.JUNIT5
    is_old = signs.says(_JVM_MANIFESTS, "junit:junit", "<artifactId>junit</artifactId>")
    return Framework.JUNIT4 if is_old else None


def _kotlin(signs: Signs) -> Framework | None:
    own, junit = signs.count(_KOTLIN), signs.count(_JUNIT5) + signs.count(_JUNIT4)
    if own > junit:
        return Framework.KOTLIN_TEST
    if not junit and signs.says(_JVM_MANIFESTS, "kotlin-test", 'kotlin("test")', "kotlin('test')"):
        return Framework.KOTLIN_TEST
    return _java(signs)


def _go(_: Signs) -> Framework:
    return Framework.GO_TEST


_BY_FAMILY: Mapping[Family, Callable[[Signs], Framework | None]] = {
    Family.PYTHON: _python,
    Family.SCRIPT: _script,
    Family.JAVA: _java,
    Family.KOTLIN: _kotlin,
    Family.GO: _go,
}
