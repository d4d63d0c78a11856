"""The claim's statement: the same choice as by the rule in plain words, and beside other claims under way."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.workers.storage.wanting import LEASE_S, Desk, want
from workers.domain.work import Priority
from workers.storage import claims
from workers.storage.claims import PIPELINES
from workers.storage.database import Database

INSERT = sa.text(
    """
INSERT INTO work (key, installation_id, repo_id, number, pipeline, full_name, wanted_gen, done_gen, dead_gen,
                  priority, first_wanted_at, not_before, lease_until)
VALUES (:key, :installation_id, 1, :number, 'review', 'octo/repo', 2, :done_gen, :dead_gen, :priority,
        :first_wanted_at, :not_before, :lease_until)
"""
)


@dataclass(frozen=True)
class Row:
    """What the choice depends on; times in seconds from now."""

    installation_id: int
    number: int
    done_gen: int
    dead_gen: int
    priority: int
    first_wanted_at: float
    not_before: float
    lease_until: float

    @property
    def key(self) -> str:
        return f"{self.installation_id}:1:{self.number}:review"

    def is_ready(self) -> bool:
        is_open = self.done_gen < 2 and self.dead_gen < 2
        return is_open and self.not_before <= 0 and self.lease_until <= 0


def _rows(chance: random.Random) -> list[Row]:
    return [
        Row(
            installation_id=chance.randint(1, 5),
            number=number,
            done_gen=chance.choice([0, 0, 1, 2]),
            dead_gen=chance.choice([0, 0, 0, 1, 2]),
            priority=chance.choice([0, 10, 20]),
            first_wanted_at=float(chance.randint(-3, 0)),
            not_before=float(chance.choice([-5, 0, 0, 60])),
            lease_until=float(chance.choice([0, 0, 0, -1, 60])),
        )
        for number in range(40)
    ]


def _by_the_rule(rows: Sequence[Row], closed: set[int]) -> list[str]:
    """Fewest running of its installation, then priority, then age, then key, until nothing is ready."""
    running = Counter(row.installation_id for row in rows if row.lease_until > 0)
    waiting = [row for row in rows if row.is_ready() and row.installation_id not in closed]
    order = []
    while waiting:
        best = min(
            waiting,
            key=lambda row: (running[row.installation_id], row.priority, row.first_wanted_at, row.key),
        )
        waiting.remove(best)
        running[best.installation_id] += 1
        order.append(best.key)
    return order


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.mark.parametrize("seed", range(4))
async def test_rows_of_any_state_are_taken_in_the_order_of_the_rule(desk: Desk, seed: int) -> None:
    now = desk.clock()
    rows = _rows(random.Random(seed))
    values = [
        {**{name: getattr(row, name) for name in Row.__dataclass_fields__}, "key": row.key} for row in rows
    ]
    for value in values:
        value |= {name: now + value[name] for name in ("first_wanted_at", "not_before")}
        value["lease_until"] = value["lease_until"] and now + value["lease_until"]
    async with desk.database.transaction() as conn:
        await conn.execute(INSERT, values)
        await conn.execute(sa.text("INSERT INTO installation (id, account_id, account, state, parked_until) "
                                   "VALUES (1, 1, '', 'suspended', 0), (2, 1, '', 'active', :later), "
                                   "(3, 1, '', 'active', :now)"), {"later": now + 1, "now": now})  # fmt: skip
    taken = []
    while (claim := await desk.store.claim()) is not None:
        taken.append(str(claim.key))
    assert taken == _by_the_rule(rows, closed={1, 2})


@pytest.fixture
def servers(postgres: object, request: pytest.FixtureRequest) -> Desk:
    """A desk on PostgreSQL, where claims may be under way at once."""
    return Desk(Database.connect(str(request.getfixturevalue("postgres").migrated())))


async def _beside_a_claim(desk: Desk) -> tuple[int, int]:
    """What is taken while another claim is not committed yet: installation and number."""
    moment = {"now": desk.clock(), "until": desk.clock() + LEASE_S, "token": "first"}
    async with desk.database.transaction() as conn:
        assert (
            await conn.execute(claims.of_pipelines(claims.CLAIM["postgresql"], PIPELINES), moment)
        ).first() is not None
        claim = await desk.store.claim()
    assert claim is not None
    return claim.key.installation_id, claim.key.number


async def test_a_claim_under_way_does_not_hold_up_the_next_of_the_same_installation(servers: Desk) -> None:
    await servers.want(want(1), want(2))
    assert await _beside_a_claim(servers) == (1, 2)
    await servers.database.close()


async def test_a_claim_under_way_counts_as_running(servers: Desk) -> None:
    """Its installation already has its turn, though nobody can see it yet."""
    await servers.want(want(1, priority=Priority.COMMAND), want(2, priority=Priority.COMMAND))
    await servers.want(want(9, installation_id=2))
    assert await _beside_a_claim(servers) == (2, 9)
    await servers.database.close()


async def test_a_claim_steps_over_a_backlog_instead_of_reading_it(sqlite_url: str) -> None:
    """On SQLite the plan is fixed: each table is searched by an index, none is scanned."""
    database = Database.connect(sqlite_url)
    moment = {"now": time.time(), "until": 0.0, "token": ""}
    async with database.transaction() as conn:
        statement = claims.of_pipelines(f"EXPLAIN QUERY PLAN {claims.CLAIM['sqlite']}", PIPELINES)
        plan = await conn.execute(statement, moment)
        steps = [row[-1] for row in plan]
    await database.close()
    assert [step for step in steps if step.startswith(("SCAN work", "SCAN installation"))] == []
