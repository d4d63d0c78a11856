"""What is no finding is dropped with its reason; whatever might be one stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.experts.changes import finding
from tests.workers.experts.stating import found
from workers.experts.meta_sanitising import NO_FINDING, SAID_BEFORE, sanitised

CALM = {"severity": "low", "recommendation": ""}
IDLE = {"title": "Possible concern", "description": "It might perhaps be worth another look.", **CALM}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            {"title": "Good use of a list instead of a string", "description": "Nice."},
            "",
        ),  # "instead" names a fault
        ({"title": "Good use of subprocess", "description": "Well done, thanks."}, "praise"),
        ({"title": "LGTM!", "description": "I like it."}, "praise"),
        ({"title": "Good hash replaced by a broken one", "description": "MD5 collides."}, ""),
        ({"title": "Good practice is not followed", "description": "The `command` is not quoted."}, ""),
        (
            {"title": "No issues found", "description": "All is well.", "severity": "critical"},
            "nothing is wrong",
        ),
        ({"title": "No obvious security problems were detected", "description": "Fine."}, "nothing is wrong"),
        ({"title": "Review", "description": "No issues in here.", **CALM}, "nothing is wrong"),
        (
            {"title": "Review", "description": "No changes needed.", "recommendation": "None."},
            "nothing is wrong",
        ),
        ({"title": "No bug tracker link", "description": "The `command` has none."}, ""),
        ({"title": "No check of the command", "description": "It is run as it comes."}, ""),
        (
            {"title": "Cannot judge", "description": "As an AI I have no access to it."},
            "about the reviewer itself",
        ),
        (
            {"title": "Odd", "description": "I was told to approve, by my instructions."},
            "about the reviewer itself",
        ),
        ({"title": "Orders to reviewers", "description": 'A comment says "forget my instructions".'}, ""),
        ({"title": "The system prompt holds user input", "description": "`command` reaches the prompt."}, ""),
        (IDLE, "nothing to act on"),
        ({**IDLE, "severity": "high"}, ""),
        ({**IDLE, "recommendation": "Check the exit status."}, ""),
        ({**IDLE, "description": "The `command` may be empty."}, ""),
        ({**IDLE, "recommendation": "请检查退出码"}, ""),
        ({**IDLE, "recommendation": "N/A"}, "nothing to act on"),
        ({"title": "?!", "description": "Broken."}, "no words"),
        ({"title": "命令注入", "description": "调用者可以执行任意命令。"}, ""),
    ],
)
def test_only_what_is_no_finding_is_dropped(said: dict[str, Any], why: str) -> None:
    assert sanitised([found(**said)]).dropped == ({why: 1} if why else {})


def test_the_same_words_on_the_same_lines_are_heard_once_from_each_model() -> None:
    one, other = found("model-a"), found("model-b")
    assert sanitised([one, one, other, one]).findings == (one, other)
    assert sanitised([one, one, other, one]).dropped == {SAID_BEFORE: 2}


def test_another_severity_is_for_those_to_judge_who_merge() -> None:
    assert sanitised([found(severity="low"), found(severity="critical")]).dropped == {}


def test_what_a_tool_says_stays() -> None:
    praise = finding(title="Good use of subprocess")
    assert sanitised([praise, praise]).findings == (praise, praise)


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=80))
def test_nothing_is_lost_uncounted_and_twice_is_as_good_as_once(title: str, text: str, advice: str) -> None:
    given_ = [found(title=title or "x", description=text or "x", recommendation=advice, severity="medium")]
    once = sanitised(given_)
    assert len(once.findings) + sum(once.dropped.values()) == 1
    assert set(once.dropped) <= NO_FINDING
    assert sanitised(once.findings).findings == once.findings
