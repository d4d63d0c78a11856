"""Quotes become lines, and lines become places that GitHub takes a comment on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.analysis.anchors import REPAIR_MAX_LINES, Anchor, commentable, locate
from workers.analysis.diff import parse_patch
from workers.domain.change import ChangedFile, FileStatus

TEXT = """\
import os

def first(path):
    data = open(path).read()
    return data

def second(path, count):
    data = open(path).read()
    for index in range(count):
        print(data)

    return data
"""
PATCH = "@@ -6,3 +6,4 @@\n \n def second(path, count):\n+    data = open(path).read()\n     for index in range(count):"
FILE = ChangedFile("x.py", FileStatus.MODIFIED, parse_patch(PATCH), text=TEXT)


@pytest.mark.parametrize(
    ("quote", "near", "expected"),
    [
        ("import os", None, Anchor(1)),
        ("for index in range(count):\n        print(data)", None, Anchor(10, 9)),
        ("for index in range( count ):\n\n\tprint(data)\n", None, Anchor(10, 9)),
        ("range(count)", None, Anchor(9, repaired=True)),
        ("print(data)\nreturn data", None, Anchor(12, 10)),
        ("```python\nimport os\n```", None, Anchor(1)),
        ("`import os`", None, Anchor(1)),
        ("9: for index in range(count):", None, Anchor(9)),
        (" 9 |     for index in range(count):\n10 |         print(data)", None, Anchor(10, 9)),
        ("+    data = open(path).read()\n     for index in range(count):", None, Anchor(9, 8)),
        ("-    data = None\n+    for index in range(count):", None, Anchor(9)),
    ],
)
def test_a_quote_finds_its_lines(quote: str, near: int | None, expected: Anchor) -> None:
    assert locate(quote, FILE, near=near) == expected


def test_of_two_places_the_changed_one_is_meant() -> None:
    assert locate("data = open(path).read()", FILE, near=4) == Anchor(8)


def test_of_two_unchanged_places_the_nearer_one_is_meant() -> None:
    assert locate("return data", FILE, near=11) == Anchor(12)
    assert locate("return data", FILE, near=4) == Anchor(5)


def test_of_two_unchanged_places_none_is_guessed() -> None:
    assert locate("return data", FILE, near=None) is None


def test_a_tie_is_not_decided() -> None:
    file = ChangedFile("x", FileStatus.MODIFIED, text="aa\nbb\naa\n")
    assert locate("aa", file, near=2) is None


@pytest.mark.parametrize("quote", ["", "   \n", "}", "...", "os.remove(path)", "``````"])
def test_a_quote_that_says_nothing_of_the_file_finds_nothing(quote: str) -> None:
    assert locate(quote, FILE, near=3) is None


def test_whole_lines_win_over_parts_of_lines() -> None:
    file = ChangedFile("x", FileStatus.MODIFIED, text="x = 10\nx = 1\ny = x = 1\n")
    assert locate("x = 1", file, near=None) == Anchor(2)


def test_a_shortened_quote_stands_for_all_its_lines_and_is_said_to_be_repaired() -> None:
    quote = "def second(path, count):\n    ...\n    for index in range(count):"
    assert locate(quote, FILE, near=None) == Anchor(9, 7, repaired=True)


def test_without_the_text_the_hunks_are_searched() -> None:
    file = ChangedFile("x.py", FileStatus.MODIFIED, parse_patch(PATCH))
    assert locate("for index in range(count):", file, near=None) == Anchor(9)
    assert locate("import os", file, near=None) is None


HUNKS = ChangedFile(
    "x",
    FileStatus.MODIFIED,
    parse_patch(
        "@@ -10,3 +10,4 @@\n a\n+b\n c\n d\n@@ -30,2 +31,2 @@\n e\n-f\n+g\n@@ -50,2 +50,0 @@\n-h\n-i"
    ),
)


@pytest.mark.parametrize(
    ("start", "line", "expected"),
    [
        (None, 11, Anchor(11)),
        (11, 11, Anchor(11)),
        (10, 13, Anchor(13, 10)),
        (13, 10, Anchor(13, 10)),
        (8, 11, Anchor(11, 10, repaired=True)),
        (12, 20, Anchor(13, 12, repaired=True)),
        (1, 99, Anchor(13, 10, repaired=True)),
        (13, 32, Anchor(32, 31, repaired=True)),
        (None, 9, Anchor(10, repaired=True)),
        (None, 16, Anchor(13, repaired=True)),
        (5, 8, Anchor(10, repaired=True)),
        (None, 17, None),
        (None, 27, None),
        (None, 50, None),
    ],
)
def test_lines_are_repaired_in_order(start: int | None, line: int, expected: Anchor | None) -> None:
    assert commentable(start, line, HUNKS) == expected


def test_a_file_without_hunks_takes_comments_as_a_whole_only() -> None:
    assert commentable(None, 1, ChangedFile("x", FileStatus.RENAMED)) is None


LINES = st.integers(0, 60)


@settings(max_examples=200, deadline=None)
@given(st.none() | LINES, LINES)
def test_every_anchor_is_one_that_github_takes(start: int | None, line: int) -> None:
    anchor = commentable(start, line, HUNKS)
    if anchor is None:
        return
    hunk = HUNKS.hunk_at(anchor.line)
    assert hunk is not None
    assert anchor.start_line is None or (anchor.start_line in hunk.right and anchor.start_line < anchor.line)
    assert (
        min(abs(anchor.line - line), abs(anchor.line - (start or line))) <= REPAIR_MAX_LINES
        or start is not None
    )
