"""Two findings are one defect when place, kind and words agree."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import finding
from workers.domain.finding import Aspect
from workers.experts.similarity import Nearness, common_share, distance, same_defect
from workers.experts.telling_words import words

NEAR = Nearness()


def test_overlapping_ranges_are_not_apart() -> None:
    assert distance(replace(finding(line=9), start_line=4), finding(line=6)) == 0


def test_ranges_are_as_far_apart_as_their_nearest_lines() -> None:
    assert distance(replace(finding(line=6), start_line=4), finding(line=9)) == 3


def test_a_finding_on_the_file_is_none_on_a_line() -> None:
    assert not same_defect(finding(), finding(line=None), NEAR)


def test_the_same_rule_on_two_lines_is_two_defects() -> None:
    assert not same_defect(finding(line=5), finding(line=6), NEAR)


def test_another_aspect_and_another_kind_are_another_defect() -> None:
    assert not same_defect(finding(), finding("tool/untested", aspect=Aspect.TESTS), NEAR)


def test_common_words_and_plurals_do_not_count() -> None:
    assert words("the calls of tokens which are used") == words("token") == {"token"}


def test_texts_without_telling_words_share_nothing() -> None:
    empty = replace(finding(""), title="the", description="of it")
    assert common_share(empty, empty) == 0.0
