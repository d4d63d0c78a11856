"""A panel: one seat a family, best first; each seat asks its own family alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel

from tests.workers.llm.scripted import ScriptedProvider, endpoint, gateway_to, local_ports, said
from workers.domain.task import ModelError, Task
from workers.llm.provider import ProviderError
from workers.llm.settling import Endpoint


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number)
ANSWER = '{"x": 1}'


def of_family(name: str, family: str, *steps: str | ProviderError, quality: float = 7.0) -> Endpoint:
    client = ScriptedProvider([step if isinstance(step, ProviderError) else said(step) for step in steps])
    one = endpoint(client, name, quality=quality)
    return replace(one, spec=one.spec.model_copy(update={"family": family}))


QUALITY = {"strategy": "quality"}


async def seats_of(seats_max: int) -> list[str]:
    gateway = gateway_to(
        of_family("best", "a", ANSWER, quality=9.5),
        of_family("brother", "a", ANSWER, quality=9.4),
        of_family("second", "b", ANSWER, quality=9.3),
        of_family("third", "c", ANSWER, quality=9.2),
        rules=QUALITY,
    )
    return [(await seat.complete(TASK)).model for seat in await gateway.panel(TASK, seats_max)]


@pytest.mark.parametrize(
    ("seats_max", "models"),
    [
        (1, ["best"]),
        (2, ["best", "second"]),
        (3, ["best", "second", "third"]),
        (9, ["best", "second", "third"]),
    ],
)
async def test_seats_are_of_different_families(seats_max: int, models: list[str]) -> None:
    assert await seats_of(seats_max) == models


async def test_a_seat_falls_back_within_its_family_only() -> None:
    gone = ProviderError("not found", "gone")
    gateway = gateway_to(
        of_family("best", "a", gone, quality=9.5),
        of_family("brother", "a", ANSWER, quality=9.4),
        of_family("second", "b", gone, quality=9.3),
        rules=QUALITY,
    )
    first, second = await gateway.panel(TASK, 2)
    assert (await first.complete(TASK)).model == "brother"
    with pytest.raises(ModelError, match="gone"):
        await second.complete(TASK)


async def test_others_are_of_other_families() -> None:
    gateway = gateway_to(of_family("best", "a"), of_family("brother", "a"), of_family("second", "b", ANSWER))
    others = gateway.apart_from(["best"])
    assert others is not None
    assert (await others.complete(TASK)).model == "second"
    assert others.apart_from(["second"]) is None


async def test_what_a_seat_saw_is_learned_with_the_run() -> None:
    ports = local_ports()
    gateway = gateway_to(of_family("best", "a"), ports=ports)
    (seat,) = await gateway.panel(TASK, 3)
    seat.observe("best", "review", 0.5)
    await gateway.close()
    assert len(await ports.profiles.known()) == 1


async def test_the_stronger_way_takes_the_strongest() -> None:
    gateway = gateway_to(
        of_family("cheap", "a", ANSWER, quality=6.0),
        of_family("strong", "b", ANSWER, quality=9.5),
        rules={"tier": "budget"},
    )
    assert (await gateway.stronger().complete(TASK)).model == "strong"


async def test_a_model_is_trusted_as_far_as_its_record_shows() -> None:
    ports, two = local_ports(), (of_family("best", "a", quality=9.0), of_family("worse", "b", quality=6.0))
    gateway = gateway_to(*two, ports=ports)
    before = await gateway.trust("review")
    for _ in range(20):
        gateway.observe("best", "review", 0.0)
    await gateway.close()
    after = await gateway_to(*two, ports=ports).trust("review")
    assert before["best"] > before["worse"] > after["best"]


async def test_nobody_is_seated_before_risky_paths_who_could_not_have_judged_them_alone() -> None:
    gateway = gateway_to(
        of_family("strong", "a", ANSWER, quality=9.5),
        of_family("weak", "b", ANSWER, quality=5.0),
        rules=QUALITY,
    )
    risky = replace(TASK, risky=True)
    assert len(await gateway.panel(risky, 2)) == 1
    assert len(await gateway.panel(TASK, 2)) == 2
    others = gateway.apart_from(["strong"])
    assert others is not None
    with pytest.raises(ModelError, match="too weak for risky paths"):
        await others.complete(risky)
