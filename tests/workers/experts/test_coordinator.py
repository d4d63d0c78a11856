"""Both halves work on one view; a model never sees what the static half will say."""

from __future__ import annotations

from typing import Any

from tests.workers.experts.answering import AnsweringModels, nothing, refusing, stated
from tests.workers.experts.changes import SHELL, added, change
from tests.workers.pipelines.reviewing import ShellExpert
from workers.analysis.source import Analysis, Observation, sources
from workers.domain.change import Snapshot
from workers.domain.task import Task
from workers.experts.base import View
from workers.experts.coordinator import Opinions, Questioning, consult
from workers.experts.questions import AskLimits

SEEN = (
    Observation("ruff", "S602", "run.py", 5, 5, "shell=True is dangerous"),
    Observation("lizard", "length", "run.py", 4, 6, "function of 3 lines"),
)


def view() -> View:
    whole = change(added("run.py", SHELL))
    return View(whole, Snapshot({}, complete=True), Analysis(observations=SEEN), sources(whole))


async def opinions(models: AnsweringModels | None) -> Opinions:
    asked = None if models is None else Questioning(models, "b0undary", AskLimits())
    return await consult((ShellExpert(),), view(), asked, lambda sentence: None)


async def test_without_a_model_the_static_half_stands_alone() -> None:
    result = await opinions(None)
    assert ([one.rule for one in result.findings], result.heard) == (["ruff/S602"], None)


async def test_both_halves_are_heard() -> None:
    def answer(task: Task[Any]) -> dict[str, Any]:
        return {"findings": [stated()]}

    result = await opinions(AnsweringModels(answer))
    assert [one.rule for one in result.findings] == ["ruff/S602", "model/shell-injection"]


async def test_a_model_is_shown_only_what_no_expert_made_a_finding_of() -> None:
    models = AnsweringModels(nothing)
    await opinions(models)
    assert "function of 3 lines" in models.tasks[0].prefix
    assert "shell=True is dangerous" not in models.tasks[0].prefix


async def test_a_failing_model_takes_nothing_from_the_static_half() -> None:
    result = await opinions(AnsweringModels(refusing("timeout")))
    assert [one.rule for one in result.findings] == ["ruff/S602"]
    assert result.heard is not None
    assert [failure.kind for failure in result.heard.failures] == ["timeout"]
