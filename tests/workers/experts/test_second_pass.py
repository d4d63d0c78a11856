"""A review that is not good enough is made once more by a stronger model, and the better one stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.workers.experts.answering import Answering, AnsweringModels, refusing, stated
from tests.workers.experts.changes import SHELL, added, change
from tests.workers.pipelines.reviewing import ShellExpert
from workers.analysis.source import Analysis, sources
from workers.domain.change import Snapshot
from workers.domain.task import Task
from workers.experts.base import View
from workers.experts.coordinator import Opinions, Questioning, consult

THRESHOLD = 0.85


def good(task: Task[Any]) -> dict[str, Any]:
    return {"findings": [stated()]}


def poor(task: Task[Any]) -> dict[str, Any]:
    """Speaks of code that is not there."""
    return {"findings": [stated(quote=f"nowhere_{number}()") for number in range(3)]}


@dataclass
class Tiered(AnsweringModels):
    """A stronger model of another name stands behind the first."""

    strong: Answering = good
    strong_name: str = "strong"

    def stronger(self) -> AnsweringModels:
        return replace(self, answer=self.strong, names=(self.strong_name,))


async def opinions(models: AnsweringModels) -> Opinions:
    whole = change(added("run.py", SHELL))
    view = View(whole, Snapshot({}, complete=True), Analysis(), sources(whole))
    questioning = Questioning(models, "b0undary", quality_threshold=THRESHOLD)
    return await consult((ShellExpert(),), view, questioning, lambda sentence: None)


async def test_what_is_good_enough_is_asked_once() -> None:
    models = Tiered(good)
    said = await opinions(models)
    assert (models.models_asked, said.passed(THRESHOLD), said.too_poor(THRESHOLD)) == (["model-a"], True, "")


async def test_a_stronger_model_makes_it_good() -> None:
    models = Tiered(poor)
    said = await opinions(models)
    assert models.models_asked == ["model-a", "strong"]
    assert said.passed(THRESHOLD)
    assert {one.name for found in said.findings for one in found.sources} == {"ruff", "strong"}
    assert len(said.calls()) == 2, "both were paid"


async def test_what_stays_poor_is_said_to_be() -> None:
    said = await opinions(Tiered(poor, strong=poor))
    assert said.passed(THRESHOLD) is False
    assert said.too_poor(THRESHOLD).startswith("quality 0.00 of 0.85: ")


@pytest.mark.parametrize("kind", ["timeout", "budget"])
async def test_a_stronger_model_that_fails_takes_nothing_away(kind: str) -> None:
    def half(task: Task[Any]) -> dict[str, Any]:
        return {"findings": [stated(), *poor(task)["findings"]]}

    said = await opinions(Tiered(half, strong=refusing(kind)))
    assert said.heard is not None
    assert (said.heard.read, said.heard.failures) == ({"run.py": ("model-a",)}, ())
    assert "model/shell-injection" in {found.rule for found in said.findings}


async def test_the_strongest_is_not_asked_the_same_again() -> None:
    models = Tiered(poor, strong_name="model-a")
    await opinions(models)
    assert models.models_asked == ["model-a"]
