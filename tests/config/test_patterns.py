"""Globs and expressions of strangers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.patterns import compile_globs, compile_regex


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("docs/**", "docs/a/b.md", True),
        ("docs/**", "docs", False),
        ("*.svg", "a/b.svg", True),
        ("src/*/x.py", "src/a/x.py", True),
        ("src/*/x.py", "src/a/b/x.py", False),
        ("vendor/", "a/vendor/b/c.go", True),
        ("**/gen/*.go", "gen/a.go", True),
        ("**/gen/*.go", "q/r/gen/a.go", True),
        ("/a.txt", "a.txt", True),
        ("/a.txt", "b/a.txt", False),
        ("a?c", "abc", True),
        ("a+b(c)", "a+b(c)", True),
        ("a.c", "abc", False),
        ("release/*", "release/1.2", True),
        ("main", "main", True),
    ],
)
def test_glob(glob: str, path: str, matches: bool) -> None:
    assert compile_globs([glob])(path) is matches


def test_no_glob_matches_nothing() -> None:
    assert not compile_globs([])("a")


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="*?/"), min_size=1, max_size=20
    )
)
def test_text_without_wildcards_matches_itself(text: str) -> None:
    assert compile_globs([text])(text)


def test_expression_searches() -> None:
    assert compile_regex("(?i)^wip")("WIP: later")
    assert not compile_regex("^wip")("a wip")


def test_crafted_expression_is_not_slow() -> None:
    """A backtracking engine would take hours for this one."""
    assert not compile_regex("(a+)+$")("a" * 5_000 + "!")
