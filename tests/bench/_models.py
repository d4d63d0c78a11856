"""The models of a worker, as benchmarks open them: over a Valkey and a SQLite of their own."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from config.settings import Settings
from tests.databases import kill_valkey, start_valkey
from workers.bootstrap.models import RunModels, open_run_models
from workers.domain.work import Claim, WorkKey
from workers.storage.calls import CallStore
from workers.storage.database import Database
from workers.storage.migrate import migrate
from workers.valkey.together import TogetherRedis

KEY_VARIABLE = "QUORUM_MODEL_API_KEY"


@asynccontextmanager
async def worker_models(url: str, key: str, **others: Any) -> AsyncIterator[RunModels]:
    """One model at `url`, at a known price and under budgets that are never used up; `others` are settings."""
    settings = Settings(
        model="fake-model",
        model_base_url=url,
        model_input_usd_per_million=1.0,
        model_output_usd_per_million=2.0,
        budget_month_usd=1_000.0,
        budget_repository_day_usd=500.0,
        **others,
    )
    async with models_of(settings, {KEY_VARIABLE: key}) as models:
        yield models


@asynccontextmanager
async def models_of(settings: Settings, keys: Mapping[str, str]) -> AsyncIterator[RunModels]:
    """The models that `settings` name; `keys` by the variables that they stand in."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database = await _database(stack, Path(folder))
        redis = _redis(stack)
        calls = CallStore(database, time.time)
        environ = {**os.environ, **keys}
        yield await stack.enter_async_context(open_run_models(settings, environ, database, redis, calls))


def claim(name: str, repo_id: int = 10, number: int = 1) -> Claim:
    """The work that a run of this name does."""
    return Claim(WorkKey(1, repo_id, number, "review"), 1, name, "octo/repo", "bench", False, 0, 0)


async def _database(stack: AsyncExitStack, folder: Path) -> Database:
    url = f"sqlite+aiosqlite:///{folder / 'quorum.db'}"
    await migrate(url)
    database = Database.connect(url)
    stack.push_async_callback(database.close)
    return database


def _redis(stack: AsyncExitStack) -> TogetherRedis:
    valkey = start_valkey()
    stack.callback(kill_valkey, valkey)
    redis: TogetherRedis = TogetherRedis.from_url(valkey.url)
    stack.push_async_callback(redis.aclose)
    return redis
