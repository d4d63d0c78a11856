"""What the experts said becomes what is held to be so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.workers.experts.answering import Answering, AnsweringModels, refusing
from tests.workers.experts.changes import added, finding
from workers.domain.adjudication import Earlier, Fate, Past, ReadFile, Round
from workers.domain.finding import Finding, Severity, Source, State
from workers.domain.task import Task
from workers.experts.coordinator import Opinions, Questioning
from workers.experts.heard import Heard
from workers.experts.meta import Assessment
from workers.experts.refuting_questions import RefuteLimits
from workers.experts.second_pass import Validated
from workers.experts.similarity import Nearness
from workers.pipelines.deliberation import Deliberated, Refuting, deliberate
from workers.pipelines.notices import of_refuting
from workers.pipelines.rounds import remembered

GUARD = "    if command not in ALLOWED:"
TEXT = f"""\
import subprocess


def run(command):
{GUARD}
        raise ValueError(command)
    subprocess.run(command, shell=True)
    return 0
"""
FILES = {"run.py": added("run.py", TEXT)}
CLAIM = finding("model/shell-injection", kind="model", name="model-a", line=7, severity=Severity.MEDIUM)
BY_OTHER = replace(CLAIM, sources=(Source("model", "model-b", "shell-injection"),))


def disproved(task: Task[Any]) -> dict[str, Any]:
    reason = "Only commands of a fixed list get there."
    return {"verdicts": [{"claim": 1, "verdict": "refuted", "reason": reason, "quote": GUARD}]}


async def held(*findings: Finding, answer: Answering = disproved, refuting: bool = True) -> Deliberated:
    heard = Heard(findings, read={"run.py": ("model-a", "model-b")})
    models = AnsweringModels(answer, names=("model-a", "model-b", "model-c"))
    return await deliberate(
        Opinions(findings, Validated(heard, Assessment(None))),
        FILES,
        Nearness(),
        Refuting(Questioning(models, "b0undary"), RefuteLimits() if refuting else None),
        lambda sentence: None,
    )


async def test_what_is_disproved_is_held_apart() -> None:
    result = await held(CLAIM)
    assert (result.findings, [one.state for one in result.refuted]) == ((), [State.REFUTED])
    assert len(result.calls) == 1


async def test_nobody_is_asked_where_the_rules_say_so() -> None:
    result = await held(CLAIM, refuting=False)
    assert ([one.state for one in result.findings], result.calls) == ([State.SINGLE], ())


async def test_what_two_models_share_is_one_confirmed_finding() -> None:
    result = await held(CLAIM, BY_OTHER, refuting=False)
    assert ([one.state for one in result.findings], result.consistency) == ([State.CONFIRMED], 1.0)


async def test_models_that_say_different_things_agree_on_nothing() -> None:
    assert (await held(CLAIM, refuting=False)).consistency == 0.0


async def test_a_refuter_that_fails_loses_no_finding_and_is_told() -> None:
    result = await held(CLAIM, answer=refusing("timeout"))
    assert [one.state for one in result.findings] == [State.SINGLE]
    (said,) = of_refuting(result)
    assert said.startswith("Nobody tried to disprove 1 finding(s)")
    assert said.endswith("(timeout).")


async def test_without_a_model_there_is_nobody_to_ask() -> None:
    tool = finding()
    result = await deliberate(Opinions((tool,)), FILES, Nearness(), None, lambda sentence: None)
    assert [one.rule for one in result.findings] == [tool.rule]
    assert result.consistency is None


NOW = TEXT.replace("import subprocess\n", "import subprocess\n\nLIMIT = 3\n")
STOOD = replace(
    CLAIM, stood=(Source("model", "model-b"),), evidence="    subprocess.run(command, shell=True)"
)


@pytest.mark.parametrize(
    ("fate", "told", "text", "questions"),
    [
        (Fate.OPEN, STOOD, NOW, 0),
        (Fate.OPEN, replace(STOOD, stood=()), NOW, 1),
        (Fate.OPEN, STOOD, NOW.replace("shell=True", "shell=True, check=True"), 1),
        (Fate.DISMISSED, replace(STOOD, stood=()), NOW, 0),
        (Fate.OPEN, replace(STOOD, line=1, evidence="import subprocess", rule="model/unused"), NOW, 0),
    ],
    ids=["stood before", "was not tried", "its code changed", "people said no", "minor and late: not said"],
)
async def test_nobody_is_asked_twice_to_disprove_one_thing(
    fate: Fate, told: Finding, text: str, questions: int
) -> None:
    (line,) = [at for at, one in enumerate(text.split("\n"), start=1) if "shell=True" in one]
    file = added("run.py", text)
    claim = replace(CLAIM, line=line, evidence=text.split("\n")[line - 1])
    past = Past(
        Round(1, "a" * 40, "b" * 40, {"run.py": ReadFile("", model=True)}),
        (Earlier(told, fate),),
        {"run.py": TEXT},
    )
    models = AnsweringModels(disproved, names=("model-a", "model-b", "model-c"))
    heard = Heard((claim,), read={"run.py": ("model-a",)})
    result = await deliberate(
        Opinions((claim,), Validated(heard, Assessment(None))),
        {"run.py": file},
        Nearness(),
        Refuting(Questioning(models, "b0undary"), RefuteLimits()),
        lambda sentence: None,
        partial(remembered, past=past, files=[file]),
    )
    assert len(result.calls) == questions
    assert len(result.findings) + len(result.refuted) == 1
