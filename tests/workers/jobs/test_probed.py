"""What a probe used is in the ledger, whatever it came to."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from structlog.testing import capture_logs

from tests.workers.llm.scripted import ScriptedProvider, endpoint
from workers.domain.usage import Usage
from workers.jobs.probed import probed
from workers.storage.calls import CallStore
from workers.storage.database import Database

ROWS = sa.text("SELECT pipeline, outcome, input_tokens, cost_micros FROM call ORDER BY position")
MODEL = "small"


async def _keep(database: Database, *probes: tuple[str, Usage]) -> None:
    keep = probed(CallStore(database, lambda: 1_000.0), {MODEL: endpoint(ScriptedProvider([]), MODEL)})
    for outcome, used in probes:
        await keep(MODEL, outcome, used)


async def test_probes_are_priced_when_they_were_answered_and_kept_when_they_were_not(
    database: Database,
) -> None:
    await _keep(
        database,
        ("ok", Usage(1, 1_000, 0, 10, cost_micros=None)),
        ("invalid answer", Usage(1, 1_000, 0, 10, cost_micros=None)),
        ("timeout", Usage(1, cost_micros=None)),
        ("unauthorised", Usage(1, cost_micros=0)),
    )
    price = endpoint(ScriptedProvider([]), MODEL).cost_micros(Usage(1, 1_000, 0, 10))
    assert price
    rows = await database.read(lambda connection: connection.execute(ROWS).all())
    assert [tuple(row) for row in rows] == [
        ("health", "ok", 1_000, price),
        ("health", "invalid answer", 1_000, price),
        ("health", "timeout", 0, None),
        ("health", "unauthorised", 0, 0),
    ]


async def test_a_database_that_is_away_ends_no_loop_of_probes(tmp_path: Path) -> None:
    away = Database.connect(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'x.db'}")
    with capture_logs() as logs:
        await _keep(away, ("ok", Usage(1, 1_000, 0, 10, cost_micros=None)))
    assert logs[0]["event"] == "a probe could not be written down"
    await away.close()
    await asyncio.sleep(0.05)  # the driver's thread still tells the loop that it ends
