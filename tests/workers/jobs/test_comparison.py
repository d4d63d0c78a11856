"""What no event told, the comparison with GitHub finds: installations, repositories, pull requests, check runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fakes.github import Fault
from tests.workers.github.octo import Octo, opened
from tests.workers.storage.wanting import tokens
from workers.domain.work import Priority, Want, WorkKey
from workers.jobs.healing import Healing
from workers.jobs.open_pulls import OpenPulls
from workers.jobs.stale_checks import StaleChecks
from workers.jobs.turns import Held
from workers.storage.database import Database
from workers.storage.known import KnownStore
from workers.storage.stale import StaleStore
from workers.storage.work import WorkStore

INTERVAL_S = 1800.0
HOUR_S = 3600.0


@dataclass
class Bench:
    """A GitHub that nobody tells us of, and the comparisons with it."""

    octo: Octo
    database: Database

    def now(self) -> float:
        return self.octo.time.at

    @property
    def work(self) -> WorkStore:
        return WorkStore(self.database, now=self.now, new_token=tokens(), lease_s=30.0, jitter=lambda: 0.0)

    @property
    def key(self) -> WorkKey:
        repository = self.octo.repository
        return WorkKey(repository.installation_id or 0, repository.id, self.octo.pull.number, "review")

    async def heal(self) -> None:
        await Healing(self.octo.clients, KnownStore(self.database, self.now), self.now, HOUR_S)(_held())

    async def sweep(self, after_s: float = INTERVAL_S) -> None:
        self.octo.time.at += after_s
        store = KnownStore(self.database, self.now)
        await OpenPulls(self.octo.clients, store, self.now, INTERVAL_S)(_held())

    async def end_checks(self) -> None:
        self.octo.time.at += HOUR_S
        store, app_id = StaleStore(self.database, self.now), self.octo.github.app.app_id
        await StaleChecks(self.octo.clients, store, app_id, self.now, INTERVAL_S)(_held())

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        found = await self.database.read(lambda conn: conn.execute(sa.text(query)).all())
        return [tuple(row) for row in found]

    async def wanted(self) -> list[tuple[object, ...]]:
        return await self.rows(
            "SELECT number, wanted_gen, head_sha_hint FROM work WHERE wanted_gen > done_gen ORDER BY number"
        )

    async def review(self, head_sha: str) -> None:
        """A worker does what is wanted."""
        claim = await self.work.claim()
        assert claim is not None
        await self.work.finish(claim, head_sha)


async def _hold() -> None:
    """Nobody else wants the turn."""


def _held() -> Held:
    return Held(0.0, _hold)


@pytest.fixture
async def bench(tmp_path: Path, database: Database) -> AsyncIterator[Bench]:
    async with opened(tmp_path) as octo:
        yield Bench(octo, database)


async def test_installations_and_repositories_follow_github(bench: Bench) -> None:
    """Installed, suspended, taken away and deleted without a word."""
    github, repository = bench.octo.github, bench.octo.repository
    [installation] = github.world.installations.values()
    state = "SELECT account, state FROM installation"
    seen = "SELECT full_name, state, default_branch FROM repository"
    await bench.heal()
    assert await bench.rows(state) == [("octo", "active")]
    assert await bench.rows(seen) == [("octo/shop", "active", "main")]
    installation.suspended_at = bench.now()
    await bench.heal()
    assert await bench.rows(state) == [("octo", "suspended")]
    installation.suspended_at = None
    installation.repository_ids.discard(repository.id)
    await bench.heal()
    assert await bench.rows(seen) == [("octo/shop", "removed", "main")]
    await bench.work.want(Want(bench.key, "octo/shop", Priority.PUSH, "push"))
    del github.world.installations[installation.id]
    await bench.heal()
    assert await bench.rows(state) == [("octo", "deleted")]
    assert await bench.wanted() == []


async def test_a_head_is_wanted_once_and_only_if_nothing_is_known_of_it(bench: Bench) -> None:
    pull = bench.octo.pull
    await bench.sweep()
    assert await bench.wanted() == [], "nothing is known of the repository yet"
    await bench.heal()
    for _ in range(2):
        await bench.sweep()
        assert await bench.wanted() == [(pull.number, 1, pull.head_sha)]
    await bench.review(pull.head_sha)
    await bench.sweep()
    assert await bench.wanted() == []
    bench.octo.github.push(pull, bench.octo.source.commit({"app.py": "moved on\n"}))
    await bench.sweep(after_s=1.0)
    assert await bench.wanted() == [], "the event of a moment ago is under way, and the turn not due"
    await bench.sweep()
    assert await bench.wanted() == [(pull.number, 2, pull.head_sha)]


async def test_what_was_open_long_before_the_installation_is_left_alone(bench: Bench) -> None:
    [installation] = bench.octo.github.world.installations.values()
    installation.created_at = bench.now() + HOUR_S
    await bench.heal()
    await bench.sweep(after_s=2 * HOUR_S)
    assert await bench.wanted() == []


async def test_a_repository_that_cannot_be_read_now_is_looked_at_again_from_where_it_was(
    bench: Bench,
) -> None:
    await bench.heal()
    bench.octo.github.faults.add(Fault(("GET", ".*/pulls"), "secondary_limit", retry_after_s=60))
    await bench.sweep()
    assert await bench.wanted() == []
    await bench.sweep()
    assert await bench.wanted() == [(bench.octo.pull.number, 1, bench.octo.sha)]


async def test_what_was_closed_is_wanted_no_longer(bench: Bench) -> None:
    await bench.heal()
    await bench.work.want(Want(bench.key, "octo/shop", Priority.PUSH, "push"))
    bench.octo.github.close(bench.octo.pull)
    await bench.sweep()
    assert await bench.wanted() == []


async def test_a_check_run_that_nobody_will_end_is_ended_once(bench: Bench) -> None:
    """Its worker died, and then the pull request was closed. Where work waits, that work will end it."""
    octo, key = bench.octo, bench.key
    body = {
        "name": "Quorum",
        "head_sha": octo.sha,
        "status": "in_progress",
        "external_id": f"{key}:1",
        "output": {"title": "Reviewing", "summary": "…"},
    }
    made = await octo.client.post("/repos/octo/shop/check-runs", body)
    run = octo.github.world.check_runs[made["id"]]
    begun = {"key": str(key), "head": octo.sha, "now": bench.now()}
    insert = "INSERT INTO effect VALUES (:key, 1, 'check', :head, 'sent', '', :now)"
    await bench.database.write(lambda conn: conn.execute(sa.text(insert), begun).rowcount)
    await bench.work.want(Want(key, "octo/shop", Priority.PUSH, "push"))
    await bench.end_checks()
    assert run.status == "in_progress", "work waits"
    await bench.review("")
    await bench.end_checks()
    assert (run.status, run.conclusion) == ("completed", "cancelled")
    writes = octo.writes(f"check-runs/{run.id}")
    await bench.end_checks()
    assert octo.writes(f"check-runs/{run.id}") == writes == 1
