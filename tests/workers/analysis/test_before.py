"""The text before a change follows from the text after it."""

from __future__ import annotations

import pytest

from workers.analysis.before import text_before
from workers.domain.change import ChangedFile, FileStatus, Hunk


def modified(text: str | None, *hunks: Hunk) -> ChangedFile:
    return ChangedFile("a", FileStatus.MODIFIED, hunks, text=text)


@pytest.mark.parametrize(
    ("hunk", "before"),
    [
        (Hunk(1, 2, 1, 2, (" a", "-x", "+b")), "a\nx\nc\n"),
        (Hunk(2, 0, 2, 1, ("+b",)), "a\nc\n"),
        (Hunk(2, 2, 1, 0, ("-x", "-y")), "a\nx\ny\nb\nc\n"),
    ],
)
def test_hunks_are_taken_back(hunk: Hunk, before: str) -> None:
    assert text_before(modified("a\nb\nc\n", hunk)) == before


def test_added_file_was_empty() -> None:
    assert text_before(ChangedFile("a", FileStatus.ADDED, (), text="a\n")) == ""


def test_unknown_text_stays_unknown() -> None:
    assert text_before(modified(None)) is None


def test_hunk_that_does_not_fit_makes_it_unknown() -> None:
    assert text_before(modified("a\n", Hunk(9, 1, 9, 1, ("-x", "+y")))) is None
