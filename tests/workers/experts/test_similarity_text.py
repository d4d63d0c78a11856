"""Texts are alike by rare words that they share, and by the company that they keep."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.experts.similarity_text import TEXT_MAX_CHARS, Frequencies, frequencies, likeness, terms

NOTHING = Frequencies()


def test_endings_and_common_words_do_not_count() -> None:
    assert terms("The tokens are leaking") == ["token", "leak"]


def test_identifiers_stay_whole() -> None:
    assert terms("get_item_key") == ["get_item_key"]


def test_a_long_text_is_read_to_its_limit() -> None:
    assert terms("x" * TEXT_MAX_CHARS + " more") == ["x" * TEXT_MAX_CHARS]


def test_a_text_is_like_itself() -> None:
    assert likeness(["division by zero", "division by zero"], NOTHING)[0][1] > 0.999


def test_texts_without_a_common_word_are_not_alike() -> None:
    assert likeness(["division zero", "token leaked"], NOTHING)[0][1] == 0.0


def test_a_rare_word_says_more_than_a_frequent_one() -> None:
    known = frequencies(["error here"] * 50)
    rows = likeness(["error paginator", "error cursor", "offset paginator"], known)
    assert rows[0][2] > rows[0][1]


def test_a_third_brings_two_together() -> None:
    two = ["negative offset crash", "queryset slice assertion"]
    alone = likeness(two, NOTHING)[0][1]
    third = likeness([*two, "negative offset queryset slice"], NOTHING)[0][1]
    assert alone == 0.0 < third


@given(st.lists(st.text(alphabet="abc_ \u00e9\n", max_size=40), max_size=6))
def test_it_is_symmetric_and_between_zero_and_one(texts: list[str]) -> None:
    rows = likeness(texts, NOTHING)
    places = range(len(texts))
    assert all(rows[a][b] == rows[b][a] and 0.0 <= rows[a][b] <= 1.0 for a in places for b in places)
