"""The refuter at the real gateway: who found it, and whoever is of their family, is not asked."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.workers.experts.changes import SHELL, added, finding
from tests.workers.llm.scripted import ScriptedProvider, endpoint, gateway_to, local_ports, said
from workers.domain.finding import Severity, Source, State
from workers.experts.refuter import NO_OTHER_FAMILY, refute
from workers.experts.refuting_outcome import Refuted
from workers.experts.refuting_questions import RefuteLimits
from workers.llm.settling import Endpoint

VETO = {
    "verdicts": [
        {"claim": 1, "verdict": "refuted", "reason": "A list is passed.", "quote": "import subprocess"}
    ]
}
CLAIM = finding("model/shell-injection", kind="model", name="best", severity=Severity.MEDIUM)


def of_family(name: str, family: str, client: ScriptedProvider, quality: float) -> Endpoint:
    one = endpoint(client, name, quality=quality)
    return replace(one, spec=one.spec.model_copy(update={"family": family}))


async def refuted(*endpoints: Endpoint) -> tuple[Refuted, int]:
    ports = local_ports()
    gateway = gateway_to(*endpoints, ports=ports, rules={"strategy": "quality"})
    result = await refute(
        gateway,
        [CLAIM],
        {"run.py": added("run.py", SHELL)},
        boundary="b0undary",
        limits=RefuteLimits(),
        progress=lambda sentence: None,
    )
    await gateway.close()
    return result, len(await ports.profiles.known())


async def test_the_best_of_another_family_refutes_and_both_are_learned_of() -> None:
    silent, second = ScriptedProvider([]), ScriptedProvider([said(json.dumps(VETO))])
    result, learned = await refuted(
        of_family("best", "a", silent, 9.5),
        of_family("brother", "a", silent, 9.4),
        of_family("second", "b", second, 7.0),
    )
    [one] = result.findings
    assert (one.state, one.doubts[0].by) == (State.REFUTED, Source("model", "second"))
    assert [(call.stage, call.model, call.outcome) for call in result.calls] == [("refute", "second", "ok")]
    assert learned >= 2
    assert silent.questions == []


async def test_one_family_refutes_nothing_of_its_own() -> None:
    silent = ScriptedProvider([])
    result, _ = await refuted(of_family("best", "a", silent, 9.5), of_family("brother", "a", silent, 9.4))
    assert (result.findings, result.unasked, silent.questions) == ((CLAIM,), {NO_OTHER_FAMILY: 1}, [])
