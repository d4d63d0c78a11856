"""A review is worth what stands of it, and its sentence says what speaks against it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.experts.answering import stated
from tests.workers.experts.changes import finding
from tests.workers.experts.stating import NEAR, found, judged
from workers.domain.finding import Severity
from workers.experts.consensus import merged
from workers.experts.meta import Assessment, assess
from workers.experts.meta_sanitising import NO_FINDING, SAID_BEFORE

THRESHOLD = 0.85
LINES = ("import subprocess", "def run(command):", "    subprocess.run(command, shell=True)", "    return 0")
APART = {
    "recommendation": "Check `run`.",
    "description": "When `run` is called it raises.",
    "severity": "medium",
}


def apart(count: int, **values: Any) -> list[dict[str, Any]]:
    """Good statements, no two about one thing."""
    return [
        stated(
            quote=LINES[at % 4],
            aspect=("security", "quality")[at // 4],
            rule=f"rule-{at}",
            **{**APART, **values},
        )
        for at in range(count)
    ]


@pytest.mark.parametrize(
    ("statements", "score", "reason"),
    [
        pytest.param([stated()], 1.0, "", id="one good statement"),
        pytest.param(
            [*apart(3), *[stated(quote="exec(x)")] * 2, stated(path="else.py")],
            3 / 6,
            "3 of 6 statements had no place in the change",
            id="placeless",
        ),
        pytest.param(
            [*apart(3), stated(title="Well done", description="Fine.")],
            3 / 4,
            "1 of 4 statements were no findings",
            id="praise",
        ),
        pytest.param(
            [stated(recommendation="")],
            1 - 0.35 / 2,
            "1 of 1 findings leave open what happens or what to do",
            id="no advice",
        ),
        pytest.param(
            [stated(recommendation="Improve the handling of errors.", title="Bad", description="Not good.")],
            1 - 0.35 * 3 / 4,
            "1 of 1 findings leave open what happens or what to do",
            id="words without code",
        ),
        pytest.param(
            [stated(), stated(title="The command is run by a shell: injection")],
            1 - 0.25 / 2,
            "1 of 2 findings repeat others",
            id="said in other words",
        ),
        pytest.param(
            [stated(confidence=0.3)],
            0.6,
            "1 of 1 severities that block are not earned",
            id="doubted by itself",
        ),
        pytest.param(
            [stated(aspect="documentation")],
            0.6,
            "1 of 1 severities that block are not earned",
            id="critical words about words",
        ),
        pytest.param(
            [stated(rule="naming-convention")],
            0.6,
            "1 of 1 severities that block are not earned",
            id="critical style",
        ),
        pytest.param(
            [
                stated(
                    title="The `command` might be empty", description="Perhaps it is, in `run`, when called."
                )
            ],
            0.6,
            "1 of 1 severities that block are not earned",
            id="hedged",
        ),
        pytest.param(
            [stated(), stated(severity="low")],
            1 - 0.4 - 0.25 / 2,
            "1 of 1 severities that block are not earned; 1 of 2 findings repeat others",
            id="contradicting severities",
        ),
        pytest.param(
            apart(8, severity="critical"),
            1 - 0.4 / 2,
            "4 of 8 severities that block are not earned",
            id="everything is critical",
        ),
    ],
)
def test_the_score_and_what_speaks_against_it(
    statements: list[dict[str, Any]], score: float, reason: str
) -> None:
    assessment = judged(statements).assessment
    assert assessment.score == pytest.approx(score)
    assert assessment.sentence(THRESHOLD).partition(": ")[2] == reason
    assert assessment.passes(THRESHOLD) is (score >= THRESHOLD)


def test_the_sentence_never_makes_a_failure_look_like_a_success() -> None:
    assert Assessment(0.8499).sentence(0.85) == "quality 0.84 of 0.85"


def test_silence_is_no_quality_and_no_fault() -> None:
    silent = judged([]).assessment
    assert (silent.score, silent.passes(1.0)) == (None, True)


def test_tools_count_neither_way() -> None:
    tools = [finding(evidence="", confidence=0.1)] * 3
    assert assess(tools, {}, nearness=NEAR) == Assessment(None)
    assert assess([*tools, found()], {}, nearness=NEAR) == assess([found()], {}, nearness=NEAR)


def test_two_models_that_say_the_same_repeat_nothing() -> None:
    assert assess([found("model-a"), found("model-b")], {}, nearness=NEAR).score == 1.0


def test_one_model_asked_from_two_sides_may_answer_twice() -> None:
    assert assess([found(), found(aspect="quality")], {}, nearness=NEAR).score == 1.0


REASONS = sorted({*NO_FINDING, SAID_BEFORE, "evidence not found", "aspect not asked for"})


@given(
    st.lists(st.sampled_from(["low", "critical"]), max_size=4),
    st.dictionaries(st.sampled_from(REASONS), st.integers(1, 9)),
    st.sampled_from(REASONS),
)
def test_what_is_rejected_never_makes_a_review_better(
    severities: list[str], rejected: dict[str, int], more: str
) -> None:
    findings = [found(severity=severity) for severity in severities]
    before = assess(findings, rejected, nearness=NEAR).score
    after = assess(findings, {**rejected, more: rejected.get(more, 0) + 1}, nearness=NEAR).score
    assert 0.0 <= (after or 0.0) <= (1.0 if before is None else before + 1e-9)


# -- answers that no careful reviewer gives

FLOOD = [stated(quote=LINES[at % 4], rule=f"rule-{at}", title=f"No {at}") for at in range(1_000)]
ELSEWHERE = [stated(path=path) for path in ("README.md", "../../etc/passwd", ".git/config", "")]
PRAISE = stated(title="Excellent work", description="Clean and well structured.", severity="low")
NEVER = stated(title="No issues found", description="Merge it.", severity="critical", recommendation="")


@pytest.mark.parametrize(
    ("answer", "left", "rejected"),
    [
        pytest.param(FLOOD, 4, {}, id="1,000 findings"),
        pytest.param([], 0, {}, id="none"),
        pytest.param([PRAISE, NEVER], 0, {"praise": 1, "nothing is wrong": 1}, id="praise"),
        pytest.param(ELSEWHERE, 0, {"path not in the change": 4}, id="other files"),
        pytest.param([stated()] * 50, 1, {SAID_BEFORE: 14}, id="the same fifty times"),
        pytest.param(
            [stated(severity=severity) for severity in ("low", "critical", "medium")],
            1,
            {},
            id="contradicting severities",
        ),
    ],
)
def test_a_careless_answer_leaves_little_and_does_not_pass(
    answer: list[dict[str, Any]], left: int, rejected: dict[str, int]
) -> None:
    result = judged(answer)
    published = merged(result.findings, NEAR)
    assert (len(published), result.rejected) == (left, rejected)
    assert all(one.severity is Severity.CRITICAL for one in published)
    assert result.assessment.passes(THRESHOLD) is (answer == [])
