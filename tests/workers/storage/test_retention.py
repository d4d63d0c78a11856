"""How long deliveries are kept."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fakes.clock import Clock
from workers.storage.database import Database
from workers.storage.deliveries import Delivery, keep, pack
from workers.storage.intake import Intake
from workers.storage.retention import BODY_KEPT_S, DELIVERY_KEPT_S, PORTION_MAX, forget, prune, retain
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
