"""`quorum models check`: what is wrong, and what to do."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import pytest

from bot.cli.models.check import Probe, checked, chosen_rows, open_probe
from bot.cli.models.diagnosis import ADVICE, Diagnosis
from bot.cli.models.rows import overview
from config.settings import Settings
from tests.fakes.models import FakeOpenAI, Reply
from tests.fakes.models.server import KEY
from workers.domain.errors import UserError
from workers.domain.task import ModelError

MINE = {
    "QUORUM_MODEL": "fake-model",
    "QUORUM_MODEL_BASE_URL": "http://127.0.0.1:9/v1",
    "QUORUM_MODEL_CONTEXT_TOKENS": "32000",
    "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
    "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "1",
}


def _ends(outcome: float | str) -> Probe:
    async def probe(_: str) -> float:
        if isinstance(outcome, str):
            raise ModelError(outcome, "secret words of the endpoint")
        return outcome

    return probe


async def _check(
    environ: Mapping[str, str], outcome: float | str = 0.5, names: Sequence[str] = ()
) -> list[Diagnosis]:
    settings = Settings.from_environ(environ)
    return await checked(chosen_rows(overview(settings, environ), settings, names), settings, _ends(outcome))


async def test_a_model_that_answers_is_well() -> None:
    (found,) = await _check(MINE)
    assert found == Diagnosis("fake-model", True, 0.5, (), ())


@pytest.mark.parametrize("kind", [*ADVICE, "something new"])
async def test_every_failure_is_said_without_the_endpoints_words(kind: str) -> None:
    (found,) = await _check(MINE, kind)
    assert not found.ok
    (problem,) = found.problems
    assert len(problem) > 20
    assert "secret" not in problem


async def test_a_refused_key_is_told_by_its_variable() -> None:
    (found,) = await _check(MINE, "unauthorised")
    assert "QUORUM_MODEL_API_KEY" in found.problems[0]


async def test_a_missing_key_is_told_by_its_variable_and_nothing_is_asked() -> None:
    found = await _check({"QUORUM_PROVIDERS": "openai"})
    assert found
    assert {one.problems[0].split(":")[0] for one in found} == {"OPENAI_API_KEY is not set"}
    assert all(one.seconds is None for one in found)


async def test_of_all_providers_those_without_a_key_are_not_meant() -> None:
    assert await _check({"QUORUM_PROVIDERS": "auto"}) == []


async def test_an_unknown_price_matters_where_there_is_a_budget() -> None:
    bare = {key: value for key, value in MINE.items() if "USD" not in key}
    (free,) = await _check(bare)
    assert free.ok
    assert "price is unknown" in free.notes[0]
    (budgeted,) = await _check({**bare, "QUORUM_BUDGET_DAY_USD": "5"})
    assert not budgeted.ok
    (allowed,) = await _check({**bare, "QUORUM_BUDGET_DAY_USD": "5", "QUORUM_ALLOW_UNKNOWN_PRICES": "true"})
    assert allowed.ok


async def test_a_window_that_nobody_stated_is_noted() -> None:
    (found,) = await _check({key: value for key, value in MINE.items() if "CONTEXT" not in key})
    assert "QUORUM_MODEL_CONTEXT_TOKENS" in found.notes[0]


async def test_a_name_that_no_model_has_is_refused() -> None:
    with pytest.raises(UserError, match="no model is called `fake-modle`"):
        await _check(MINE, names=["fake-modle"])


async def test_it_asks_the_real_endpoint() -> None:
    async with FakeOpenAI.serve(Reply('{"ok": true}')) as fake:
        environ = {**MINE, "QUORUM_MODEL_BASE_URL": fake.url, "QUORUM_MODEL_API_KEY": KEY}
        settings = Settings.from_environ(environ)
        rows = chosen_rows(overview(settings, environ), settings, ["fake-model"])
        async with open_probe(rows, environ) as probe:
            (found,) = await checked(rows, settings, probe)
    assert found.ok
    assert os.environ.get("QUORUM_MODEL_API_KEY") is None
