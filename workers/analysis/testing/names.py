"""Names of test files: what the name says a test is about, and how another one would be called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from workers.analysis.languages import Language

NAME_MAX_CHARS = 200


class Family(StrEnum):
    """Languages that are tested with the same tools."""

    PYTHON = "python"
    SCRIPT = "script"
    JAVA = "java"
    KOTLIN = "kotlin"
    GO = "go"


FAMILIES: Mapping[Language, Family] = {
    Language.PYTHON: Family.PYTHON,
    Language.JAVASCRIPT: Family.SCRIPT,
    Language.TYPESCRIPT: Family.SCRIPT,
    Language.TSX: Family.SCRIPT,
    Language.JAVA: Family.JAVA,
    Language.KOTLIN: Family.KOTLIN,
    Language.GO: Family.GO,
}

_FORMS: Mapping[Family, re.Pattern[str]] = {
    Family.PYTHON: re.compile(r"(test_|)(\w+?)((?:_tests?)?\.py)"),
    Family.SCRIPT: re.compile(r"()([\w.$-]+?)([._-](?:test|spec))\.[cm]?[jt]sx?"),
    Family.JAVA: re.compile(r"(Test(?=[A-Z])|)(\w+?)((?:Test|Tests|TestCase)?\.java)"),
    Family.KOTLIN: re.compile(r"()(\w+?)((?:Test|Tests)\.kt)"),
    Family.GO: re.compile(r"()(\w+?)(_test\.go)"),
}
"""What stands before the subject's name, the name, and what stands behind it."""


@dataclass(frozen=True, slots=True)
class TestName:
    """What a test's file name says: `subject` is the name of what it tests, `naming` how the file is called for "{}"."""

    __test__ = False

    subject: str
    naming: str


def test_name(path: str, family: Family) -> TestName | None:
    """What the file name of a test says; None when it isn't one by the customs of its family."""
    name = PurePosixPath(path).name
    found = _FORMS[family].fullmatch(name) if len(name) <= NAME_MAX_CHARS else None
    if found is None:
        return None
    before, subject, after = found.groups()
    return TestName(subject, f"{before}{{}}{after}") if before or after.strip(".javpyk") else None


test_name.__test__ = False  # type: ignore[attr-defined] # no test, whatever pytest thinks of the name


def file_name(naming: str, subject: str, family: Family) -> str:
    """The name of a test of the file `subject`; of scripts, with the ending of what is tested."""
    pure = PurePosixPath(subject)
    return naming.format(pure.stem) + (pure.suffix if family is Family.SCRIPT else "")
