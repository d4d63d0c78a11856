"""How wide text is, roughly: near enough to keep rows low, and never in the way of what Markdown acts on."""

from __future__ import annotations

import pytest

from workers.github.prose import ZWSP
from workers.github.render.width import WORD_MAX_PX, fitting, lines_of, parted_words, width

HOME = "https://github.com/octo/repo/blob/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x.py"


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("iiii", "nnnn"), ("nnnn", "WWWW"), ("n", "日"), ("e", "\ufdfd"), ("il", "`il`"), ("e", "e\u0301x")],
)
def test_some_letters_are_wider(narrow: str, wide: str) -> None:
    assert width(narrow) < width(wide)


def test_marks_on_a_letter_take_no_room() -> None:
    assert width("e\u0301\u0323") == width("e")


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("word " * 10, 1), ("word " * 40, 2), ("W" * 200, 4)])
def test_lines_are_counted(text: str, lines: int) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize("text", ["x" * 200, "\\`" * 60, "&lt;" * 60, "日" * 60, "a" * 60 + " " + "b" * 60])
def test_no_part_of_a_word_is_too_long_and_nothing_is_torn(text: str) -> None:
    shown = parted_words(text)
    assert shown.replace(ZWSP, "") == text
    assert all(width(part) <= WORD_MAX_PX for word in shown.split(" ") for part in word.split(ZWSP))
    assert f"\\{ZWSP}" not in shown
    assert shown.count("&lt;") == text.count("&lt;")


@pytest.mark.parametrize("text", ["short words stay", f"[here]({HOME})", HOME])
def test_short_words_and_addresses_stay(text: str) -> None:
    assert parted_words(text) == text


def test_a_text_that_fits_stays_whole() -> None:
    assert fitting("word", 100, 60) == 60
    assert fitting("W" * 50, 140, 60) == 10
    assert fitting("\ufdfd" * 9, 10, 60) == 2
