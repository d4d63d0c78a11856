"""The door to models as workers and the command line open it, over real stores and a model server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import BaseModel
from redis.asyncio import Redis

from config.errors import ConfigError
from config.repository import RepositoryConfig
from config.settings import Settings
from tests.fakes.models import FakeOpenAI, Reply, Tokens
from workers.bootstrap.models import RunModels, open_local_models, open_run_models
from workers.domain.task import ModelError, Task
from workers.domain.work import Claim, WorkKey
from workers.storage.calls import CallStore
from workers.storage.database import Database
from workers.storage.profiles import ProfileStore

VARIABLE = "QUORUM_MODEL_API_KEY"
ROWS = sa.text("SELECT run, user_id, model, outcome, cost_micros, provider FROM call ORDER BY run, position")


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number, timeout_s=20.0)


def claim(run: str = "run-1", repo_id: int = 10) -> Claim:
    return Claim(WorkKey(1, repo_id, 7, "review"), 1, run, "o/r", "push", forced=False, attempts=1, crashes=0)


class World:
    """A model server, a Valkey and a ledger; the models of runs over them."""

    def __init__(self, stack: AsyncExitStack, server: FakeOpenAI, redis: Redis, database: Database) -> None:
        self._stack, self.server, self.redis, self.database = stack, server, redis, database
        self.environ = {VARIABLE: server.key}

    def settings(self, **others: object) -> Settings:
        return Settings.model_validate(
            {
                "model": "fake-model",
                "model_base_url": self.server.url,
                "model_input_usd_per_million": 1.0,
                "model_output_usd_per_million": 2.0,
                **others,
            }
        )

    async def models(self, **settings: object) -> RunModels:
        calls = CallStore(self.database, time.time)
        opening = open_run_models(self.settings(**settings), self.environ, self.database, self.redis, calls)
        return await self._stack.enter_async_context(opening)

    async def rows(self) -> list[dict[str, object]]:
        rows = await self.database.read(lambda conn: conn.execute(ROWS).all())
        return [row._asdict() for row in rows]

    def config(self, **orchestration: object) -> RepositoryConfig:
        return RepositoryConfig.model_validate({"orchestration": orchestration})


@pytest.fixture
async def world(valkey: str, sqlite_url: str) -> AsyncIterator[World]:
    redis, database = Redis.from_url(valkey), Database.connect(sqlite_url)
    async with FakeOpenAI.serve(default={"x": 1}) as server, AsyncExitStack() as stack:
        yield World(stack, server, redis, database)
    await database.close()
    await redis.aclose()


async def ask(
    models: RunModels, config: RepositoryConfig, run: str = "run-1", user_id: int = 0, repo_id: int = 10
) -> Number:
    async with models.open(claim(run, repo_id), "a" * 40, config, user_id) as gateway:
        assert gateway is not None
        return (await gateway.complete(TASK)).value


async def test_a_run_asks_and_its_row_says_who_paid_for_what(world: World) -> None:
    models = await world.models()
    assert await ask(models, RepositoryConfig(), user_id=7) == Number(x=1)
    (row,) = await world.rows()
    assert (row["run"], row["user_id"], row["model"], row["outcome"], row["provider"]) == (
        "run-1",
        7,
        "fake-model",
        "ok",
        "configured",
    )


async def test_another_run_of_the_repository_gets_the_kept_answer_for_nothing(world: World) -> None:
    models = await world.models()
    await ask(models, RepositoryConfig(), "run-1")
    await ask(models, RepositoryConfig(), "run-2")
    assert [(row["run"], row["outcome"], row["cost_micros"] == 0) for row in await world.rows()] == [
        ("run-1", "ok", False),
        ("run-2", "cached", True),
    ]
    assert len(world.server.requests) == 1


async def test_another_repository_asks_for_itself(world: World) -> None:
    models = await world.models()
    await ask(models, RepositoryConfig(), "run-1")
    await ask(models, RepositoryConfig(), "run-2", repo_id=11)
    assert len(world.server.requests) == 2


async def test_the_operators_limit_holds(world: World) -> None:
    models = await world.models(budget_run_usd=0.000_001)
    with pytest.raises(ModelError, match="QUORUM_BUDGET_RUN_USD") as caught:
        await ask(models, RepositoryConfig())
    assert (caught.value.kind, world.server.requests) == ("budget", [])


async def test_the_repositorys_limit_holds(world: World) -> None:
    config = world.config(cost_tracking={"enabled": True, "daily_budget_usd": 0.000_001})
    with pytest.raises(ModelError, match="daily_budget_usd") as caught:
        await ask(await world.models(), config)
    assert caught.value.kind == "budget"


@pytest.mark.parametrize(
    "tokens",
    [Tokens(-5, -5), Tokens(1e30, 1e30), Tokens(100, 10, cached=-(10**12)), Tokens(100, 10, cached=10**12)],
)
async def test_a_server_that_lies_about_tokens_can_not_use_a_budget_up(world: World, tokens: Tokens) -> None:
    world.server.default = Reply('{"x": 1}', tokens=tokens)
    models = await world.models(budget_month_usd=10.0, model_context_tokens=32_000)
    async with models.open(claim(), "a" * 40, RepositoryConfig()) as gateway:
        assert gateway is not None
        cost = (await gateway.complete(TASK)).usage.cost_micros
    assert cost is not None
    assert 0 <= cost <= 3 * 32_000


async def test_what_a_run_has_seen_is_there_for_the_next(world: World) -> None:
    await ask(await world.models(), RepositoryConfig())
    known = await ProfileStore(world.database, time.time).known()
    assert known["fake-model", "review", "success"].mean == 1.0


async def test_without_a_model_a_run_has_none(world: World) -> None:
    models = await world.models(model="", model_base_url=None)
    async with models.open(claim(), "a" * 40, RepositoryConfig()) as gateway:
        assert gateway is None


async def test_a_repositorys_own_model_is_enough(world: World) -> None:
    models = await world.models(model="", model_base_url=None)
    executor = {"model": "fake-model", "base_url": world.server.url, "api_key_env": VARIABLE}
    assert await ask(models, world.config(executors=(executor,))) == Number(x=1)


async def test_a_repositorys_own_model_of_the_same_name_is_the_one_that_is_asked(world: World) -> None:
    models = await world.models()
    async with FakeOpenAI.serve({"x": 2}) as own:
        executor = {"model": "fake-model", "base_url": own.url, "api_key_env": VARIABLE}
        assert await ask(models, world.config(executors=(executor,))) == Number(x=2)
    assert world.server.requests == []


async def test_no_key_is_in_any_repr(world: World) -> None:
    models = await world.models()
    async with models.open(claim(), "a" * 40, RepositoryConfig()) as gateway:
        shown = f"{models!r} {gateway!r} {vars(gateway)!r}"
    assert world.server.key not in shown


async def test_no_key_is_in_valkey_or_the_ledger(world: World) -> None:
    await ask(await world.models(budget_month_usd=10.0), RepositoryConfig())
    kept = [await world.redis.dump(key) for key in await world.redis.keys("*")]
    assert kept
    key = world.server.key.encode()
    assert not any(key in (value or b"") for value in [*kept, *await world.redis.keys("*")])
    assert world.server.key not in str(await world.rows())


async def test_variables_of_keys_are_those_of_all_providers_and_those_that_repositories_may_use(
    world: World,
) -> None:
    world.environ = {**world.environ, "QUORUM_ALLOWED_KEY_ENVS": "TEAM_KEY"}
    assert (await world.models()).key_variables() >= {VARIABLE, "ANTHROPIC_API_KEY", "TEAM_KEY"}


@pytest.mark.parametrize("name", ["nobody", "nobody, anthropic"])
async def test_a_provider_that_does_not_exist_ends_the_opening(world: World, name: str) -> None:
    with pytest.raises(ConfigError, match="`nobody` is no provider"):
        await world.models(providers=name)


async def test_a_catalogue_whose_model_has_no_provider_ends_the_opening(world: World, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yml"
    file.write_text(
        "models:\n  x:\n    provider: nobody\n    family: x\n    quality: 5\n    context_tokens: 32000\n"
    )
    with pytest.raises(ConfigError, match="names no provider"):
        await world.models(catalogue=file)


async def test_the_command_line_has_none_without_a_model(world: World) -> None:
    settings = world.settings(model="", model_base_url=None)
    async with open_local_models(settings, {}, RepositoryConfig()) as gateway:
        assert gateway is None


async def test_the_command_line_asks_within_its_own_process(world: World) -> None:
    async with open_local_models(world.settings(), world.environ, RepositoryConfig()) as gateway:
        assert gateway is not None
        assert (await gateway.complete(TASK)).value == Number(x=1)
    assert await world.rows() == []


async def test_the_command_line_keeps_to_limits_too(world: World) -> None:
    settings = world.settings(budget_call_usd=0.000_001)
    async with open_local_models(settings, world.environ, RepositoryConfig()) as gateway:
        assert gateway is not None
        with pytest.raises(ModelError, match="QUORUM_BUDGET_CALL_USD"):
            await gateway.complete(TASK)
