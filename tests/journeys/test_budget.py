"""Money: what is done when it is short, what is said of it, and that nobody spends what can't be counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.databases import Valkey, kill_valkey, start_valkey
from tests.fakes.github import CheckRun, Pull
from tests.fakes.models import Answer, ModelRequest, Reply, Tokens
from tests.journeys.modelling import CHEAP, STRONG, Entry, Scene, by, scene_of
from tests.journeys.shared_world import SINK, SINK_LINE, Services
from tests.journeys.world import NOTHING_FOUND, World
from workers.domain.budget import MICROS_PER_USD
from workers.github.prose import ZWSP

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNPRICED = Entry("unpriced", "openai", 6.2, None)
RUN_USD = 0.02
"""Enough for a review by the cheap model, far from enough for one by the strong one."""
REQUIRED = "review: {required: true}\n"
CODE = {"shop/run.py": SINK}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def services(request: pytest.FixtureRequest, sqlite_template: Path, valkey_server: Valkey) -> Services:
    given = request.getfixturevalue("postgres").migrated() if request.param == "postgresql" else ""
    return Services(sqlite_template, valkey_server.url, given)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, services: Services) -> AsyncIterator[Scene]:
    """Every run may cost so much, and no model of unknown price is asked."""
    settings = {"QUORUM_BUDGET_RUN_USD": str(RUN_USD)}
    async with scene_of(tmp_path_factory.mktemp("budget"), services, UNPRICED, settings=settings) as scene:
        yield scene


def told(scene: Scene, pull: Pull) -> str:
    """The summary in the conversation, as people read it."""
    [summary] = scene.world.github.issue_comments(pull)
    return str(summary["body"]).replace(ZWSP, "")


def check(run: CheckRun) -> str:
    """All that the check run shows."""
    return "\n".join(text or "" for text in run.output.values())


def static_findings(world: World, pull: Pull) -> set[tuple[str, int | None]]:
    return {(one["path"], one["line"]) for one in world.github.review_comments(pull)}


# -- a run


async def test_a_run_that_is_not_paid_for_is_static_and_says_so(scene: Scene) -> None:
    """No model is asked, what analysers found is posted, a required check stays shut, and the limit is named."""
    pull, run = await scene.reviewed("poor", by(STRONG.name) + REQUIRED, CODE)
    assert scene.fleet.asked(STRONG.name) == []
    assert await scene.answered_by(pull) == []
    assert ("shop/run.py", SINK_LINE) in static_findings(scene.world, pull)
    assert run.conclusion in ("action_required", "failure")
    for text in (told(scene, pull), check(run)):
        assert "budget of $0.02 a run" in text
        assert "QUORUM_BUDGET_RUN_USD" in text
        assert ".." not in text


async def test_nothing_found_without_money_is_not_green_where_the_check_is_required(scene: Scene) -> None:
    pull, run = await scene.reviewed("poor-gate", by(STRONG.name) + REQUIRED)
    assert run.conclusion == "action_required"
    assert (run.output["title"] or "").startswith("Partly reviewed: 1 of 1 file not fully read")
    assert "budget" in told(scene, pull)


async def test_a_cheaper_model_reviews_when_the_money_is_not_enough_for_the_best(scene: Scene) -> None:
    pull, run = await scene.reviewed("thrifty", "orchestration: {tier: premium}\n")
    [(model, outcome)] = await scene.answered_by(pull)
    assert model != STRONG.name
    assert outcome == "ok"
    assert run.conclusion == "success"
    assert "Reviewed with cheaper models" in told(scene, pull)
    assert " of $0.02 (" in told(scene, pull)


# -- a month


async def test_the_month_s_limit_of_a_repository_ends_at_the_second_pull_request(scene: Scene) -> None:
    """What the first one cost counts for the second, which says when there will be money again."""
    probe, _ = await scene.reviewed("month-probe", by(CHEAP.name))
    [row] = await scene.ledger.calls(probe.number)
    worst = row["estimated_micros"]
    scene.fleet.answers[CHEAP.name] = Reply(NOTHING_FOUND, tokens=Tokens(1_000, 3_900))
    usd = (await scene.ledger.spent_micros() + worst) / MICROS_PER_USD
    limited = f"{by(CHEAP.name)}".replace("}\n", f", cost_tracking: {{monthly_budget_usd: {usd:.6f}}}}}\n")
    first, run = await scene.reviewed("month-first", limited, {"docs/first.md": "# First\n"})
    assert await scene.answered_by(first) == [(CHEAP.name, "ok")]
    assert run.conclusion == "success"
    before = len(scene.fleet.asked(CHEAP.name))
    second, run = await scene.reviewed("month-second", limited + REQUIRED, {"docs/second.md": "# Second\n"})
    assert len(scene.fleet.asked(CHEAP.name)) == before
    assert run.conclusion == "action_required"
    assert "orchestration.cost_tracking.monthly_budget_usd" in told(scene, second)
    assert "It renews on " in told(scene, second)
    assert (await scene.ledger.receipts(second.number))[-1]["calls"] == 0


# -- unknown prices


async def test_a_model_of_unknown_price_is_not_asked_while_a_budget_is_set(scene: Scene) -> None:
    pull, run = await scene.reviewed("unpriced", by(UNPRICED.name) + REQUIRED)
    assert scene.fleet.asked(UNPRICED.name) == []
    assert run.conclusion == "action_required"
    assert "of unknown price" in told(scene, pull)


# -- counters that are gone


@pytest.fixture(scope="module")
def mortal() -> Iterator[Valkey]:
    server = start_valkey()
    yield server
    kill_valkey(server)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def unlimited(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, mortal: Valkey
) -> AsyncIterator[Scene]:
    """The operator limits nothing and knows that some prices are unknown; its Valkey will die."""
    services = Services(sqlite_template, mortal.url)
    settings = {"QUORUM_ALLOW_UNKNOWN_PRICES": "true"}
    async with scene_of(tmp_path_factory.mktemp("mortal"), services, UNPRICED, settings=settings) as scene:
        yield scene


def limited_by(name: str) -> str:
    return by(name).replace("}\n", ", cost_tracking: {monthly_budget_usd: 50}}\n")


async def test_an_operator_may_allow_models_of_unknown_price(unlimited: Scene) -> None:
    """Its cost stays unknown: it is never called nothing."""
    pull, run = await unlimited.reviewed("allowed", limited_by(UNPRICED.name))
    assert run.conclusion == "success", run.output
    [row] = await unlimited.ledger.calls(pull.number)
    assert (row["outcome"], row["cost_micros"]) == ("ok", None)


async def test_without_valkey_nothing_is_spent_under_a_budget_and_all_goes_on_without_one(
    unlimited: Scene, mortal: Valkey
) -> None:
    """It dies while a model answers: that answer is used and booked; then no more is spent that can't be counted."""

    def dying(_: ModelRequest) -> Answer:
        kill_valkey(mortal)
        return Reply(NOTHING_FOUND, tokens=Tokens(1_000, 100))

    unlimited.fleet.answers[CHEAP.name] = dying
    during, run = await unlimited.reviewed("during", limited_by(CHEAP.name))
    assert run.conclusion == "success", run.output
    [row] = await unlimited.ledger.calls(during.number)
    assert row["cost_micros"] == CHEAP.micros(1_000, 100)
    before = unlimited.fleet.requests
    after, run = await unlimited.reviewed("after", limited_by(CHEAP.name) + REQUIRED, CODE)
    assert unlimited.fleet.requests == before
    assert run.conclusion in ("action_required", "failure")
    assert "nobody can tell what was spent" in told(unlimited, after)
    assert ("shop/run.py", SINK_LINE) in static_findings(unlimited.world, after)
    free, run = await unlimited.reviewed("free", by(STRONG.name))
    assert run.conclusion == "success", run.output
    assert await unlimited.answered_by(free) == [(STRONG.name, "ok")]
