"""Which of the quoted lines a finding is about."""

from __future__ import annotations

import pytest

from tests.workers.experts.rounds import said
from workers.experts.core import core, pointed_at, statement_end

QUOTE = ["    limit = settings.get('limit') or 10", "    text = open(place).read()"]


@pytest.mark.parametrize(
    ("title", "rule", "about"),
    [
        ("A limit of zero is taken for nothing", "model/or-default", {0}),
        ("`open` is never closed", "model/leak", {1}),
        ("The file is opened for each caller", "model/leak", {1}),
        ("Places from outside reach the disk", "model/traversal", {1}),
        ("Hard to follow", "model/style", set()),
        ("`open` a place for the limit", "model/both", {0, 1}),
    ],
)
def test_its_words_point_at_lines(title: str, rule: str, about: set[int]) -> None:
    assert pointed_at(said("nothing", title=title, rule=rule), QUOTE) == about


def test_where_no_word_points_every_line_counts() -> None:
    assert core(said("nothing", title="Hard to follow", rule="model/style"), QUOTE) == {0, 1}


def test_a_huge_quote_and_a_huge_text_are_no_work() -> None:
    told = said("nothing", title="x" * 100_000 + " limit" * 20_000)
    assert core(told, QUOTE[:1] * 5_000) == frozenset(range(5_000))
    assert core(told, ["limit " * 50_000]) == {0}


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["run(", "    command,", ")", "x"], 3),
        (["run(command)", "x"], 1),
        (["run(", *["    a,"] * 50], 1),
        ([")))", "x"], 1),
    ],
)
def test_a_call_that_is_quoted_in_part_is_meant_as_a_whole(lines: list[str], end: int) -> None:
    assert statement_end(1, 1, lines) == end
