"""Patterns mean what they mean in .gitignore; git itself is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.analysis.globs import Glob, PathFilter

PATTERNS = [
    "*.py", "a", "a/", "/a", "a/b", "/a/b/", "a/*", "a/**", "**/b", "**/b/", "a/**/c", "a/**/b/**/c", "**", "*", "?.py",
    "[ab].py", "[!a].py", "[^a].py", "a*b*c", "*/b", "**/*.py", "b/**/", "\\*.py", "\\!x", "a\\b", "*.p?",
]  # fmt: skip
PATHS = [
    "a", "b", "c", "a.py", "b.py", "c.py", "a/a", "a/b", "a/c", "a/b/c", "a/x/c", "a/x/y/c", "x/a/b", "x/a/b/c", "b/a",
    "x/b", "x/b/c", "a/x/b/y/c", "axbxc", "abc", "a/b.py", "x/y/z.py", "*.py", "!x", "ab", "x[]y", "x/a.py", "a/b/c/d",
]  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ignored")
    subprocess.run(["git", "init", "-q", str(path)], check=True)
    return path


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_covers_what_git_would_ignore(repository: Path, pattern: str) -> None:
    (repository / ".gitignore").write_text(pattern + "\n")
    command = [
        "git",
        "-C",
        str(repository),
        "-c",
        "core.quotePath=false",
        "check-ignore",
        "-z",
        "--no-index",
        "--stdin",
    ]
    done = subprocess.run(command, input="\0".join(PATHS).encode(), capture_output=True, check=False)
    ignored = set(done.stdout.decode().split("\0")) - {""}
    assert {path for path in PATHS if Glob.of(pattern).covers(path)} == ignored


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [("a/b", "a/b", True), ("a", "a/b", False), ("*.py", "x/y.py", True), ("a/", "a", False), ("a/**", "a/b/c", True)],
)  # fmt: skip
def test_an_attribute_pattern_names_the_file_itself(pattern: str, path: str, named: bool) -> None:
    assert Glob.of(pattern).names(path) is named


def test_the_last_rule_decides() -> None:
    rules = PathFilter.of(["docs/**", "!docs/keep.md", "*.lock"])
    assert [path in rules for path in ("docs/a.md", "docs/keep.md", "x/y.lock", "z.py")] == [
        True,
        False,
        True,
        False,
    ]


def test_an_empty_pattern_covers_nothing() -> None:
    assert not any(Glob.of(pattern).covers("a") for pattern in ("", "/", "//"))


def test_many_wildcards_take_no_time() -> None:
    path = "/".join(["a" * 200] * 20)
    assert not Glob.of("*a" * 200 + "b").covers(path)
    assert not Glob.of("**/a*/" * 40 + "b").covers(path)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab*?[]!^-\\/&~|", max_size=15), st.text(alphabet="ab/[", min_size=1, max_size=10))
def test_any_text_is_a_pattern(pattern: str, path: str) -> None:
    Glob.of(pattern).covers(path)
