"""What is known here of installations, repositories and open pull requests, to be compared with GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.work import Cancel, InstallationSeen, RepositorySeen, Want, Wish
from workers.storage.database import Database
from workers.storage.deliveries import grant
from workers.storage.locks import lock_work
from workers.storage.wants import OPEN

_INSTALLATIONS = sa.text("SELECT id, account_id, account, state, permissions FROM installation ORDER BY id")
_INSTALLED = sa.text("UPDATE installation SET installed_at = :at WHERE id = :id")
_UNLISTED = sa.text(
    """
SELECT id FROM installation WHERE state = 'active' AND parked_until <= :now ORDER BY listed_at, id LIMIT :limit
"""
)
_LISTED = sa.text("UPDATE installation SET listed_at = :now WHERE id = :id")
_REPOSITORIES = sa.text(
    "SELECT id, full_name, state, default_branch FROM repository WHERE installation_id = :installation_id"
)

# Nothing is wanted of a time before the installation, which is known once GitHub was asked for it.
_UNSWEPT = sa.text(
    """
SELECT repository.id, installation_id, full_name, swept_at, installed_at
FROM repository JOIN installation ON installation.id = repository.installation_id
WHERE repository.state = 'active' AND installation.state = 'active' AND parked_until <= :now
  AND installed_at > 0 AND swept_at <= :before
ORDER BY swept_at, repository.id LIMIT :limit
"""
)
_SWEPT = sa.text("UPDATE repository SET swept_at = :now WHERE id = :id")
_WAITING = sa.text(
    f"""
SELECT number, wanted_gen FROM work
WHERE installation_id = :installation_id AND repo_id = :repo_id AND pipeline = 'review' AND {OPEN}
  AND first_wanted_at < :before
ORDER BY first_wanted_at, number LIMIT :limit
"""  # noqa: S608 - composed of constants
)

# What was given up is not begun again for the same head; a head that only the hint names is one of wanted work.
_HEADS = sa.text(
    f"""
SELECT number, CASE WHEN {OPEN} THEN '*' WHEN work.wanted_gen > work.done_gen THEN head_sha_hint
                    ELSE done_head_sha END AS head_sha
FROM work WHERE installation_id = :installation_id AND repo_id = :repo_id AND pipeline = 'review'
  AND number IN :numbers
UNION ALL SELECT number, head_sha FROM review_round WHERE repo_id = :repo_id AND number IN :numbers
UNION ALL SELECT number, said_head_sha FROM pull WHERE repo_id = :repo_id AND number IN :numbers
"""  # noqa: S608 - composed of constants
).bindparams(sa.bindparam("numbers", expanding=True))
_ANY_HEAD = "*"
_STILL = sa.text(
    "SELECT number, wanted_gen FROM work WHERE installation_id = :installation_id AND repo_id = :repo_id "
    "AND pipeline = 'review' AND number IN :numbers"
).bindparams(sa.bindparam("numbers", expanding=True))


@dataclass(frozen=True, slots=True)
class Unswept:
    """A repository whose open pull requests are to be looked at; times in epoch seconds, 0: never."""

    repo_id: int
    installation_id: int
    full_name: str
    swept_at: float
    installed_at: float


class KnownStore:
    """The comparison's side of the tables. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def installations(self) -> dict[int, InstallationSeen]:
        """Every installation that was ever told of, by its id."""
        rows = await self._database.read(lambda conn: conn.execute(_INSTALLATIONS).all())
        return {row.id: _installation(row) for row in rows}

    async def heal(self, wishes: Sequence[Wish], installed_at: Mapping[int, float] | None = None) -> None:
        """Write what no event told. `installed_at` are times (epoch seconds) by installation id."""
        rows = [{"id": one, "at": at} for one, at in sorted((installed_at or {}).items())]

        def write(conn: sa.Connection) -> None:
            grant(conn, wishes, self._now())
            if rows:
                conn.execute(_INSTALLED, rows)

        await self._database.write(write)

    async def unlisted(self, limit: int) -> list[int]:
        """Active installations whose repositories were listed longest ago."""
        values = {"now": self._now(), "limit": limit}
        return await self._database.read(lambda conn: list(conn.scalars(_UNLISTED, values)))

    async def listed(self, installation_id: int) -> None:
        """Its repositories were listed."""
        await self._mark(_LISTED, installation_id)

    async def repositories(self, installation_id: int) -> dict[int, RepositorySeen]:
        """The repositories of an installation, by id, removed and deleted ones too."""
        values = {"installation_id": installation_id}
        rows = await self._database.read(lambda conn: conn.execute(_REPOSITORIES, values).all())
        return {row.id: RepositorySeen(installation_id, *row) for row in rows}

    async def unswept(self, interval_s: float, limit: int) -> list[Unswept]:
        """Repositories to be looked at: those first that were not for the longest time, at least `interval_s`."""
        now = self._now()
        values = {"now": now, "before": now - interval_s, "limit": limit}
        return await self._database.read(
            lambda conn: [Unswept(*row) for row in conn.execute(_UNSWEPT, values)]
        )

    async def swept(self, repo_id: int) -> None:
        """Its open pull requests were looked at."""
        await self._mark(_SWEPT, repo_id)

    async def waiting(self, place: Unswept, older_than_s: float, limit: int) -> dict[int, int]:
        """Numbers of pull requests whose review has waited for long, with the generation that is wanted."""
        values = {
            "installation_id": place.installation_id,
            "repo_id": place.repo_id,
            "before": self._now() - older_than_s,
            "limit": limit,
        }
        rows = await self._database.read(lambda conn: conn.execute(_WAITING, values).all())
        return {row.number: row.wanted_gen for row in rows}

    async def want_unknown(self, wants: Sequence[Want]) -> list[Want]:
        """Want those of one repository whose head has neither a review nor waiting work; returns them."""

        def write(conn: sa.Connection) -> list[Want]:
            known = _heads(conn, wants)
            new = [one for one in wants if not known & _names(one)]
            grant(conn, new, self._now())
            return new

        return await self._database.write(write) if wants else []

    async def cancel_closed(self, cancels: Sequence[Cancel], generations: Mapping[int, int]) -> None:
        """Cancel those of one repository of which nothing newer is wanted than the generation given, by number."""

        def write(conn: sa.Connection) -> None:
            lock_work(conn, cancels)
            still = _generations(conn, cancels)
            grant(
                conn,
                [one for one in cancels if still.get(one.number) == generations[one.number]],
                self._now(),
            )

        if cancels:
            await self._database.write(write)

    async def _mark(self, statement: sa.TextClause, key: int) -> None:
        values = {"id": key, "now": self._now()}

        def write(conn: sa.Connection) -> None:
            conn.execute(statement, values)

        await self._database.write(write)


def _installation(row: sa.Row[Any]) -> InstallationSeen:
    permissions = tuple(sorted(json.loads(row.permissions).items()))
    return InstallationSeen(row.id, row.account_id, row.account, row.state, permissions)


def _heads(conn: sa.Connection, wants: Sequence[Want]) -> set[tuple[int, str]]:
    key = wants[0].key
    values = {
        "installation_id": key.installation_id,
        "repo_id": key.repo_id,
        "numbers": [one.key.number for one in wants],
    }
    return {(row.number, row.head_sha) for row in conn.execute(_HEADS, values)}


def _names(want: Want) -> set[tuple[int, str]]:
    return {(want.key.number, want.head_sha), (want.key.number, _ANY_HEAD)}


def _generations(conn: sa.Connection, cancels: Iterable[Cancel]) -> dict[int, int]:
    places = list(cancels)
    values = {
        "installation_id": places[0].installation_id,
        "repo_id": places[0].repo_id,
        "numbers": [one.number for one in places],
    }
    return {row.number: row.wanted_gen for row in conn.execute(_STILL, values)}
