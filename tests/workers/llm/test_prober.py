"""One tiny question to a real server: what counts as an answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import pytest

from config.catalogue import ModelSpec, ProviderSpec
from tests.fakes.models import Failure, FakeOpenAI, Reply, model_not_found, quota_exhausted, rate_limited
from tests.fakes.models.server import KEY
from workers.domain.task import ModelError
from workers.domain.usage import Usage
from workers.llm.prober import Prober, open_prober
from workers.llm.provider import Answer, ProviderError, Question

MODEL = ModelSpec(name="fake-model", provider="fake", family="fake", quality=5, context_tokens=8_000)


@dataclass(frozen=True)
class Scripted:
    said: Answer | BaseException

    async def ask(self, question: Question) -> Answer:
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said


async def _probe(fake: FakeOpenAI, name: str = MODEL.name, key: str = KEY) -> float:
    provider = ProviderSpec(name="fake", base_url=fake.url, api_key_env="FAKE_KEY")
    async with open_prober([(MODEL, provider)], {"FAKE_KEY": key}) as probe:
        return await probe(name)


async def test_json_in_time_is_an_answer() -> None:
    async with FakeOpenAI.serve(Reply('{"ok": true}')) as fake:
        began = time.monotonic()
        assert 0 < await _probe(fake) < time.monotonic() - began
    (request,) = fake.requests
    assert len(request.raw) < 2_000


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reply("Yes, I am fine."), "invalid answer"),
        (rate_limited(7), "rate limited"),
        (quota_exhausted(), "quota"),
        (model_not_found("fake-model"), "not found"),
    ],
)
async def test_anything_else_is_a_failure_of_its_kind(answer: Reply | Failure, kind: str) -> None:
    async with FakeOpenAI.serve(answer) as fake:
        with pytest.raises(ModelError) as caught:
            await _probe(fake)
    assert caught.value.kind == kind


async def test_a_revoked_key_is_told_and_not_shown() -> None:
    async with FakeOpenAI.serve(default=Reply('{"ok": true}')) as fake:
        with pytest.raises(ModelError) as caught:
            await _probe(fake, key="sk-revoked-0123456789")
    assert caught.value.kind == "unauthorised"
    assert "revoked-0123" not in str(caught.value)


async def test_it_is_asked_once_whatever_comes() -> None:
    async with FakeOpenAI.serve(default=rate_limited(1)) as fake:
        with pytest.raises(ModelError):
            await _probe(fake)
    assert len(fake.requests) == 1


async def _told(client: Scripted) -> tuple[str, str, Usage]:
    told: list[tuple[str, str, Usage]] = []

    async def record(model: str, outcome: str, used: Usage) -> None:
        told.append((model, outcome, used))

    with pytest.raises((ModelError, asyncio.CancelledError)):
        await Prober({"m": client}, lambda: 0.0, record)("m")
    (one,) = told
    return one


async def test_an_unusable_answer_costs_too() -> None:
    assert await _told(Scripted(Answer("no", 1, 0, 1))) == (
        "m", "invalid answer", Usage(1, 1, 0, 1, cost_micros=None),
    )  # fmt: skip


@pytest.mark.parametrize(("may_cost", "cost_micros"), [(True, None), (False, 0)])
async def test_a_question_that_came_to_nothing_is_told_of(may_cost: bool, cost_micros: int | None) -> None:
    failure = ProviderError("unavailable", "no", may_cost=may_cost)
    assert await _told(Scripted(failure)) == ("m", "unavailable", Usage(1, cost_micros=cost_micros))


async def test_a_question_that_nobody_waits_for_any_more_is_told_of() -> None:
    assert await _told(Scripted(asyncio.CancelledError())) == ("m", "cancelled", Usage(1, cost_micros=None))


async def test_a_model_that_is_not_there_is_no_models_fault() -> None:
    async with FakeOpenAI.serve() as fake:
        with pytest.raises(ModelError) as caught:
            await _probe(fake, name="another")
    assert caught.value.kind == "no model"
