"""Several models on one change: who is asked what, how they work together, and what their answers make."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.workers.experts.answering import AnsweringModels, nothing, refusing, stated
from tests.workers.experts.changes import SHELL, added, change
from workers.domain.finding import Aspect, State
from workers.domain.task import Completion, T, Task
from workers.experts.consensus import merged
from workers.experts.heard import Heard
from workers.experts.model_half import Rules, ask
from workers.experts.modes import Backtracking
from workers.experts.panel import seats_for
from workers.experts.questions import AskLimits, Inquiry
from workers.experts.similarity import Nearness
from workers.experts.statements import ModelFindings

NAMES = ("model-a", "model-b", "model-c")
FOCUS = {Aspect.SECURITY: "what an attacker could use.", Aspect.QUALITY: "what is wrong."}
SIMPLE = added("run.py", SHELL)
RISKY = added("auth/run.py", SHELL)


async def never(seconds: float) -> None:
    assert seconds > 0


async def asked(models: AnsweringModels, *files: Any, rules: Rules) -> Heard:
    return await ask(
        models,
        Inquiry(change(*files), files, FOCUS),
        boundary="b0undary",
        limits=AskLimits(),
        progress=lambda sentence: None,
        rules=rules,
    )


def shell(task: Task[Any]) -> dict[str, Any]:
    return {"findings": [stated(path="auth/run.py")]}


@pytest.mark.parametrize(
    ("complexity", "risky", "seats"), [(0.1, False, 1), (0.5, False, 2), (0.9, False, 3), (0.1, True, 3)]
)
def test_more_are_asked_the_harder_it_is(complexity: float, risky: bool, seats: int) -> None:
    task = Task("review", "", "", ModelFindings, complexity=complexity, risky=risky)
    assert seats_for(task, 3) == seats


class Unhurried(AnsweringModels):
    """Each question takes some steps to be sent."""

    async def complete(self, task: Task[T]) -> Completion[T]:
        self.models_asked.append(f"{self.names[0]} begins")
        await asyncio.sleep(0)
        return await super().complete(task)


async def test_the_first_questions_are_sent_to_all_before_the_last_are_begun() -> None:
    models = Unhurried(nothing, names=NAMES)
    files = [added(f"auth/run_{number}.py", SHELL) for number in range(4)]
    await asked(models, *files, rules=Rules(seats_max=3))
    begun = [at for at, said in enumerate(models.models_asked) if said.endswith("begins")]
    first = [models.models_asked.index(name) for name in NAMES]
    assert max(first) < max(begun)
    assert first == sorted(first)


async def test_what_is_simple_is_one_question_to_one_model() -> None:
    models = AnsweringModels(nothing, names=NAMES)
    await asked(models, SIMPLE, rules=Rules(seats_max=3))
    assert models.models_asked == ["model-a"]


async def test_what_is_risky_is_asked_from_each_side_of_each_model() -> None:
    models = AnsweringModels(nothing, names=NAMES)
    heard = await asked(models, RISKY, rules=Rules(seats_max=3))
    assert Counter(models.models_asked) == dict.fromkeys(NAMES, 2)
    assert heard.read == {"auth/run.py": NAMES}
    assert len({task.prefix for task in models.tasks}) == 1, "providers keep what is shared"


async def test_the_first_question_about_each_part_goes_before_the_second_about_any() -> None:
    parts = [added(f"auth/{name}.py", SHELL * 900) for name in "abc"]
    models = AnsweringModels(nothing)
    heard = await asked(models, *parts, rules=Rules())
    assert heard.batches > 1
    assert len({task.prefix for task in models.tasks[: heard.batches]}) == heard.batches


async def test_models_that_agree_confirm() -> None:
    models = AnsweringModels(nothing, names=NAMES, by=dict.fromkeys(NAMES[:2], shell))
    heard = await asked(models, RISKY, rules=Rules(seats_max=3))
    (one,) = merged(heard.findings, Nearness())
    assert one.state is State.CONFIRMED
    assert {source.name for source in one.sources} == {"model-a", "model-b"}


async def test_one_model_that_fails_spoils_nothing_and_is_told() -> None:
    models = AnsweringModels(nothing, names=NAMES, by={"model-b": refusing("timeout")})
    heard = await asked(models, RISKY, rules=Rules(seats_max=3))
    assert (heard.failures, heard.absent) == ((), {"timeout": 2})
    assert heard.read == {"auth/run.py": ("model-a", "model-c")}


async def test_a_side_that_nobody_looked_from_leaves_the_file_unread() -> None:
    def silent_on_security(task: Task[Any]) -> dict[str, Any]:
        return nothing(task) if '"quality"' in task.prompt else refusing("timeout")(task)

    models = AnsweringModels(silent_on_security, names=NAMES)
    heard = await asked(models, RISKY, rules=Rules(seats_max=3))
    assert [one.paths for one in heard.failures] == [("auth/run.py",)]
    assert heard.read == {}


async def test_in_a_pipeline_later_sides_are_told_what_was_reported() -> None:
    models = AnsweringModels(shell)
    await asked(models, RISKY, rules=Rules(mode="pipeline"))
    first, second = models.tasks
    assert "reported already" not in first.prompt
    assert "auth/run.py:5: Shell injection" in second.prompt
    assert first.prompt_version != second.prompt_version


async def test_backtracking_asks_a_stronger_model_where_statements_have_no_evidence() -> None:
    def unproven(task: Task[Any]) -> dict[str, Any]:
        return {"findings": [stated(path="auth/run.py", quote="nowhere_to_be_found()")]}

    class Weak(AnsweringModels):
        def stronger(self) -> AnsweringModels:
            return replace(self, answer=shell, names=("strong",))

    models = Weak(unproven)
    rules = Rules(mode="backtrack", seats_max=3, backtracking=Backtracking(sleep=never))
    heard = await asked(models, RISKY, rules=rules)
    assert Counter(models.models_asked) == {"model-a": 2, "strong": 2}
    assert {source.name for one in heard.findings for source in one.sources} == {"strong"}
    assert len(heard.calls) == 4, "what was given up was paid, too"


@pytest.mark.parametrize(("kind", "questions"), [("budget", 2), ("timeout", 6)])
async def test_backtracking_ends(kind: str, questions: int) -> None:
    models = AnsweringModels(refusing(kind))
    rules = Rules(mode="backtrack", backtracking=Backtracking(sleep=never))
    heard = await asked(models, RISKY, rules=rules)
    assert len(models.tasks) == questions
    assert {one.kind for one in heard.failures} == {kind}


async def test_what_one_model_tells_from_two_sides_is_said_once() -> None:
    models = AnsweringModels(shell)
    heard = await asked(models, RISKY, rules=Rules())
    assert (len(models.tasks), len(heard.findings)) == (2, 1)
