"""What each expert tells a model: its own sheet, the same shape for all, and part of what a question is known by."""

from __future__ import annotations

import pytest

from tests.workers.experts.changes import SHELL, added, change
from workers.domain.finding import Aspect
from workers.experts.base import Expert
from workers.experts.focus import focus_on
from workers.experts.question_writer import prepared
from workers.experts.questions import AskLimits, Inquiry
from workers.experts.registry import EXPERTS

FOCUS_MAX_CHARS = 1_200
"""All six are read for every simple batch: longer ones cost more than they find."""


@pytest.mark.parametrize("expert", EXPERTS, ids=lambda expert: expert.aspect.value)
def test_every_expert_says_what_to_look_for_what_to_leave_out_and_what_is_severe(expert: Expert) -> None:
    text = expert.focus
    assert "\n  Look for: " in text
    assert "\n  Leave out: " in text
    assert any(word in text.lower() for word in ("critical", "high", "medium"))
    assert len(text) <= FOCUS_MAX_CHARS


def test_a_question_carries_the_versions_of_the_sides_it_is_asked_from() -> None:
    files = (added("run.py", SHELL),)
    focus = {aspect: focus_on(aspect) for aspect in (Aspect.SECURITY, Aspect.TESTS)}
    (task,) = prepared(Inquiry(change(*files), files, focus), "b0undary", AskLimits(), 32_000).tasks
    assert task.prompt_version.split()[3:] == ["expert-security/1", "expert-tests/1"]
    assert all(text in task.prompt for text in focus.values())
