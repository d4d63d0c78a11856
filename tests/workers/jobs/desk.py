"""A pull request at the fake GitHub, claimed work for it in a database, and the writes of a review."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.clock import Clock
from tests.workers.github.octo import NAME, Octo, opened
from tests.workers.storage.wanting import LEASE_S
from workers.domain.work import Priority, Want, WorkKey
from workers.github.markdown import Rendering
from workers.github.sanitise import Sanitiser
from workers.jobs.posting import Author, Posting
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers
from workers.storage.work import WorkStore, bump


@dataclass
class Desk:
    """Wants, claims and posts for one pull request."""

    octo: Octo
    database_url: str
    database: Database
    clock: Clock

    @property
    def work(self) -> WorkStore:
        return WorkStore(
            self.database,
            now=self.clock,
            new_token=lambda: uuid.uuid4().hex,
            lease_s=LEASE_S,
            jitter=lambda: 0.0,
        )

    @property
    def ledger(self) -> EffectLedger:
        return EffectLedger(self.database, self.clock)

    @property
    def key(self) -> WorkKey:
        repository = self.octo.repository
        return WorkKey(repository.installation_id or 0, repository.id, self.octo.pull.number, "review")

    async def lease(self) -> Lease:
        """The next generation, wanted and claimed; the one before it, if any, is given back."""
        want = Want(self.key, NAME, Priority.PUSH, "push")
        await self.database.write(lambda conn: bump(conn, [want], self.clock()))
        self.clock.advance(LEASE_S)
        claim = await self.work.claim()
        assert claim is not None
        return Lease(self.work, claim)

    async def posting(self, lease: Lease) -> Posting:
        """The writes of one run for the present head."""
        app = self.octo.github.app
        claim = lease.claim
        return Posting(
            client=self.octo.client,
            ledger=self.ledger,
            leftovers=Leftovers(self.database),
            lease=lease,
            pull=await self.octo.read_pull(),
            author=Author(app.app_id, app.bot_id),
            rendering=Rendering(
                Sanitiser(f"{self.octo.github.url}/{NAME}"), str(claim.key), claim.generation
            ),
            now=self.clock,
        )

    def push(self) -> None:
        """Move the head."""
        self.octo.github.push(self.octo.pull, self.octo.source.commit({"app.py": "moved on\n"}))

    def writes(self) -> list[str]:
        """Method and path of everything that was written in the repository."""
        requests = [one for one in self.octo.github.requests if one.path.startswith(f"/repos/{NAME}/")]
        return [f"{one.method} {one.path}" for one in requests if one.method != "GET"]


@asynccontextmanager
async def opened_desk(folder: Path, database_url: str) -> AsyncIterator[Desk]:
    """A desk over the database at `database_url`."""
    database = Database.connect(database_url)
    async with opened(folder) as octo:
        yield Desk(octo, database_url, database, Clock())
    await database.close()
