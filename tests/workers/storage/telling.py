"""Short ways to say what events told."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tests.fakes.clock import Clock
from workers.domain.command import CommandSeen, Source
from workers.domain.work import RepositorySeen, Wish
from workers.storage.database import Database
from workers.storage.deliveries import Delivery
from workers.storage.intake import Intake

_numbers = itertools.count(1)


def arrived(number: int | None = None) -> Delivery:
    guid = f"00000000-0000-0000-0000-{next(_numbers) if number is None else number:012}"
    return Delivery(guid, "any", "", None, None, "wanted", b"{}", guid)


async def tell(database: Database, *wishes: Wish, at: float = 1_000.0) -> None:
    """One delivery that asks for all this."""
    await Intake(database, Clock(at)).record(arrived(), wishes)


async def rows(database: Database, table: sa.Table) -> Sequence[Any]:
    return await database.read(lambda conn: conn.execute(sa.select(table)).all())


def repository(
    state: str = "active", *, installation_id: int = 1, full_name: str = "octo/repo", branch: str = ""
) -> RepositorySeen:
    return RepositorySeen(installation_id, 10, full_name, state, branch)


def command(
    source_id: int = 1,
    *,
    number: int = 1,
    name: str = "help",
    source: Source = Source.COMMENT,
    actor_id: int = 5,
) -> CommandSeen:
    return CommandSeen(1, 10, number, "octo/repo", source, source_id, actor_id, "mona", name)
