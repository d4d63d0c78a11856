"""How long deliveries are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from tests.fakes.clock import Clock
from tests.workers.experts.changes import finding
from tests.workers.storage.spending import receipted, spent
from tests.workers.storage.telling import command, repository, rows, tell
from tests.workers.storage.wanting import Desk, key, want
from workers.domain.adjudication import Earlier, Fate, Round
from workers.domain.command import Dismissal, Progress
from workers.domain.memory import KeptConfig
from workers.domain.outcome import How, Outcome
from workers.domain.work import InstallationSeen, ThreadSeen
from workers.storage import tables
from workers.storage.commands import CommandStore
from workers.storage.configurations import ConfigurationStore
from workers.storage.database import Database
from workers.storage.deliveries import Delivery, keep, pack
from workers.storage.dismissals import DismissalStore
from workers.storage.findings import FindingStore
from workers.storage.intake import Intake
from workers.storage.outcomes import OutcomeStore
from workers.storage.pulls import PullStore
from workers.storage.retention import (
    BODY_KEPT_S,
    DELIVERY_KEPT_S,
    PORTION_MAX,
    clear_ruins,
    forget,
    forget_ended,
    forget_spent,
    prune,
    retain,
)
from workers.storage.tables import delivery


def arrived(number: int) -> Delivery:
    return Delivery(f"00000000-0000-0000-0000-{number:012}", "ping", "", 1, 2, "wanted", b"{}", "")


async def receive(database: Database, *received_at: float) -> None:
    arrivals = [pack(arrived(number), (), at) for number, at in enumerate(received_at)]
    await database.write(lambda conn: keep(conn, arrivals, 0.0))


async def kept(database: Database) -> dict[float, bool]:
    """When each delivery was received, and whether its body is there."""

    def read(conn: sa.Connection) -> list[Any]:
        return list(conn.execute(sa.select(delivery)).all())

    return {row.received_at: row.body_zlib is not None for row in await database.read(read)}


async def test_old_bodies_are_dropped_and_their_guids_kept(database: Database) -> None:
    await receive(database, 100.0, 200.0)
    assert await prune(database, 150.0) == 1
    assert await prune(database, 150.0) == 0
    assert await kept(database) == {100.0: False, 200.0: True}


async def test_a_delivery_without_its_body_is_still_known(database: Database) -> None:
    await receive(database, 100.0)
    await prune(database, 150.0)
    assert not await Intake(database, Clock()).record(arrived(0), [])


async def test_old_deliveries_are_forgotten(database: Database) -> None:
    await receive(database, 100.0, 200.0)
    assert await forget(database, 150.0) == 1
    assert await kept(database) == {200.0: True}


async def test_more_than_a_portion_is_dropped_too(database: Database) -> None:
    await receive(database, *map(float, range(PORTION_MAX + 5)))
    assert await prune(database, 1e9) == PORTION_MAX + 5


async def test_a_body_is_kept_for_a_week_and_a_guid_for_a_month(database: Database) -> None:
    now = 1e9
    fresh, stale, gone = now - BODY_KEPT_S + 1, now - BODY_KEPT_S - 1, now - DELIVERY_KEPT_S - 1
    await receive(database, fresh, stale, gone)
    await retain(database, now)
    assert await kept(database) == {fresh: True, stale: False}


EFFECT = sa.text(
    "INSERT INTO effect (work_key, generation, kind, key, state, changed_at) "
    "VALUES (:key, 1, 'summary', '', 'done', :at)"
)
DEAD = sa.text("INSERT INTO dead (work_key, generation, error, at) VALUES (:key, 1, '', :at)")


async def left(database: Database, statement: sa.TextClause, *rows: tuple[int, float]) -> None:
    """What was left at work of these numbers, when."""
    values = [{"key": str(key(number)), "at": at} for number, at in rows]

    def write(conn: sa.Connection) -> None:
        conn.execute(statement, values)

    await database.write(write)


async def test_old_ended_commands_are_forgotten(database: Database) -> None:
    await tell(database, command(1), command(2), at=100.0)
    await CommandStore(database, Clock(200.0)).end("issue_comment:1", Progress.DONE)
    await CommandStore(database, Clock(400.0)).end("issue_comment:2", Progress.DONE)
    assert await forget_ended(database, 300.0) == 1
    assert [row.id for row in await rows(database, tables.command)] == ["issue_comment:2"]


async def test_a_command_that_nobody_came_to_is_forgotten_at_last(database: Database) -> None:
    await tell(database, command(1), at=100.0)
    await tell(database, command(2), at=400.0)
    assert await forget_ended(database, 300.0) == 1
    assert [row.id for row in await rows(database, tables.command)] == ["issue_comment:2"]


async def test_old_effects_are_forgotten_unless_their_work_is_open(database: Database) -> None:
    await Desk(database).want(want(1))
    await left(database, EFFECT, (1, 100.0), (2, 100.0), (3, 400.0))
    assert await forget_ended(database, 300.0) == 1
    kept_keys = {row.work_key for row in await rows(database, tables.effect)}
    assert kept_keys == {str(key(1)), str(key(3))}


async def test_old_given_up_work_is_forgotten_unless_it_is_wanted_anew(database: Database) -> None:
    await Desk(database).want(want(1))
    await left(database, DEAD, (1, 100.0), (2, 100.0), (3, 400.0))
    assert await forget_ended(database, 300.0) == 1
    kept_keys = {row.work_key for row in await rows(database, tables.dead)}
    assert kept_keys == {str(key(1)), str(key(3))}


MEMORIES = (
    tables.thread,
    tables.pull,
    tables.dismissal,
    tables.finding,
    tables.outcome,
    tables.review_round,
    tables.configuration,
)


async def remember(database: Database, repo_id: int) -> None:
    await tell(database, ThreadSeen(1, repo_id, 1, 7, True, 5, "mona"))
    await PullStore(database, Clock()).count_push(repo_id, 1)
    await DismissalStore(database).dismiss(repo_id, 1, Dismissal("f", "why", 5, "mona", 1.0))
    said = Earlier(replace(finding(), fingerprint="f"))
    await FindingStore(database, Clock()).keep(repo_id, 1, Round(1, "h", "b"), [said])
    outcome = Outcome("f", Fate.FIXED, How.ROUND, 1.0)
    await OutcomeStore(database, Clock()).keep(repo_id, 1, [outcome])
    await ConfigurationStore(database, Clock()).keep(repo_id, "repository", KeptConfig("o", "b", ""))


async def remembered(database: Database) -> list[list[int]]:
    return [[row.repo_id for row in await rows(database, table)] for table in MEMORIES]


async def test_nothing_is_remembered_of_a_deleted_repository(database: Database) -> None:
    await remember(database, 10)
    await remember(database, 11)
    await tell(database, repository("deleted"))
    assert await clear_ruins(database) == len(MEMORIES)
    assert await remembered(database) == [[11]] * len(MEMORIES)


async def test_an_archived_repository_is_remembered(database: Database) -> None:
    await remember(database, 10)
    await tell(database, repository("archived"))
    assert await clear_ruins(database) == 0


async def test_no_configuration_is_kept_of_a_deleted_installation(database: Database) -> None:
    await remember(database, 10)
    await tell(database, repository(), InstallationSeen(1, 5, "octo", "deleted"))
    assert await clear_ruins(database) == 1
    assert await remembered(database) == [*[[10]] * (len(MEMORIES) - 1), []]


async def test_what_was_spent_is_forgotten_after_more_than_a_year(database: Database) -> None:
    await spent(database, at=100.0)
    await spent(database, at=300.0)
    await receipted(database, at=100.0)
    assert await forget_spent(database, older_than=200.0) == 2
    assert len(await rows(database, tables.call)) == 1
