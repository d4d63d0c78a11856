"""How a check ends, and what can be pressed under it."""

from __future__ import annotations

import pytest

from config.repository import Conclusions
from tests.workers.github.reviews_by_hand import review
from tests.workers.github.test_markdown import RENDERING
from workers.domain.review import Verdict
from workers.github.markdown import check_actions, check_output, conclusion, summary

ASK = "To have it reviewed all the same, comment `/quorum review`, or press *Review now* in the check run."


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("kind", ["ignored", "draft", "paused"])
def test_a_repository_says_how_what_was_skipped_ends(kind: str, required: bool) -> None:
    rules = Conclusions.model_validate({kind: "failure"})
    assert conclusion(Verdict.SKIPPED, required, kind=kind, rules=rules) == "failure"


@pytest.mark.parametrize(("verdict", "kind"), [(Verdict.PARTIAL, "partial"), (Verdict.FAILED, "failed")])
def test_the_verdict_names_its_own_rule(verdict: Verdict, kind: str) -> None:
    rules = Conclusions.model_validate({kind: "neutral"})
    assert conclusion(verdict, True, rules=rules) == "neutral"


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("verdict", [Verdict.SKIPPED, Verdict.PARTIAL, Verdict.FAILED])
def test_a_rule_that_is_not_set_leaves_the_default(verdict: Verdict, required: bool) -> None:
    rules = Conclusions(draft="neutral")
    assert conclusion(verdict, required, kind="ignored", rules=rules) == conclusion(verdict, required)


@pytest.mark.parametrize("verdict", [Verdict.CLEAN, Verdict.FINDINGS, Verdict.BLOCKING])
def test_what_was_reviewed_is_nobodys_to_choose(verdict: Verdict) -> None:
    rules = Conclusions(
        ignored="neutral", draft="neutral", paused="neutral", partial="neutral", failed="neutral"
    )
    assert conclusion(verdict, True, kind="partial", rules=rules) == conclusion(verdict, True)


def test_what_blocks_in_the_part_that_was_read_stops_a_required_check() -> None:
    rules = Conclusions(partial="neutral")
    assert conclusion(Verdict.PARTIAL, True, rules=rules, blocking=True) == "failure"
    assert conclusion(Verdict.PARTIAL, False, rules=rules, blocking=True) == "neutral"


@pytest.mark.parametrize("paused", [True, False])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_buttons_are_few_and_short(verdict: Verdict, paused: bool) -> None:
    actions = check_actions(verdict, paused)
    assert len(actions) <= 3
    for action in actions:
        assert len(action.label) <= 20
        assert len(action.description) <= 40
        assert len(action.identifier) <= 20


@pytest.mark.parametrize(
    ("verdict", "paused", "identifiers"),
    [
        (Verdict.SKIPPED, False, ["review", "pause"]),
        (Verdict.SKIPPED, True, ["review", "resume"]),
        (Verdict.CLEAN, False, ["review-full", "pause"]),
        (Verdict.FAILED, True, ["review-full", "resume"]),
    ],
)
def test_buttons_fit_what_was_done(verdict: Verdict, paused: bool, identifiers: list[str]) -> None:
    assert [action.identifier for action in check_actions(verdict, paused)] == identifiers


def test_a_skipped_review_says_why_and_how_to_ask() -> None:
    skipped = review(verdict=Verdict.SKIPPED, reason="the pull request is a draft", findings=(), coverage=())
    shown = check_output(skipped, RENDERING)
    assert shown.title == "Not reviewed: the pull request is a draft"
    assert ASK in shown.summary
    assert ASK in summary(skipped, RENDERING)


def test_a_review_that_was_done_need_not_be_asked_for() -> None:
    assert ASK not in summary(review(), RENDERING)
