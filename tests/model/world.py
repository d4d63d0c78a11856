"""A running Quorum whose only model is the real one, and what it left in its database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from tests.databases import Valkey
from tests.journeys.shared_world import small_repository
from tests.journeys.world import World, opened
from tests.model.serving import KEY, NAME, WINDOW_TOKENS, Served

PATIENT = {  # the model takes all of the processor: nobody else is quick meanwhile
    "QUORUM_MODEL_TIMEOUT_S": "600",
    "QUORUM_MODEL_ATTEMPTS_MAX": "1",
    "QUORUM_LEASE_S": "60",
}
ANSWERED = {"ok", "invalid answer"}
USED = "SELECT model, outcome, calls, input_tokens, output_tokens, cost_micros FROM call"


def settings(served: Served) -> dict[str, str]:
    """What names the model."""
    return {
        "QUORUM_MODEL": NAME,
        "QUORUM_MODEL_BASE_URL": served.url,
        "QUORUM_MODEL_API_KEY": KEY,
        "QUORUM_MODEL_CONTEXT_TOKENS": str(WINDOW_TOKENS),
    }


@contextlib.asynccontextmanager
async def modelled(served: Served, folder: Path, template: Path, valkey: Valkey) -> AsyncIterator[World]:
    """A small repository, and the bot over it with `folder / "quorum.db"`."""
    database = folder / "quorum.db"
    database.write_bytes(template.read_bytes())
    async with opened(
        folder,
        small_repository(folder),
        database_url=f"sqlite+aiosqlite:///{database}",
        redis_url=valkey.url,
        answer=None,
        settings=PATIENT | settings(served),
    ) as world:
        yield world


def used(folder: Path) -> list[tuple[Any, ...]]:
    """The ledger's rows: model, outcome, calls, tokens in and out, micro-dollars."""
    with contextlib.closing(sqlite3.connect(folder / "quorum.db")) as connection:
        return connection.execute(USED).fetchall()


def assert_counted(calls: list[tuple[Any, ...]], requests: int) -> None:
    """Every answer is a row with its tokens; one that took too long is a row, too, and what it used nobody said."""
    answered = [row for row in calls if row[1] in ANSWERED]
    assert calls
    assert {row[0] for row in calls} == {NAME}
    assert {row[1] for row in calls} <= {*ANSWERED, "timeout"}
    assert sum(row[2] for row in answered) <= requests
    assert all(tokens_in > 100 and tokens_out > 0 for _, _, _, tokens_in, tokens_out, _ in answered)
