"""What goes on during a load: deliveries about nothing, a worker that reviews new heads, and somebody who watches."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from tests.chaos.load_figures import Judged, Point
from tests.chaos.load_sender import GUID_HEAD, new_guid
from tests.fakes.github import Pull
from tests.fakes.repository import GitRepository
from tests.journeys.world import World
from tests.polling import until
from workers.storage.database import Database
from workers.storage.tables import delivery

PULLS = 20
GONE = 100_000
PUSH_EVERY_S = 3.0
REVIEWED_TIMEOUT_S = 120.0
LOOK_EVERY_S = 0.25
OLD, OLD_ROWS, OLD_AT_ONCE = "old", 200_000, 10_000
"""As many deliveries as stand in the database before: from there on, an insertion takes as long as ever."""
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass
class Pushing:
    """Pull requests whose heads move, each once a minute, and when the worker was done with a head: its check run tells,
    for a head that says nothing new gets no other comment.
    """

    world: World
    pulls: list[Pull]
    heads: Iterator[str]
    waiting: dict[str, float] = field(default_factory=dict)
    waits_s: list[float] = field(default_factory=list)

    @classmethod
    async def opened(cls, world: World) -> Pushing:
        """With pull requests that are reviewed: what follows finds the worker idle."""
        heads = _heads(world.git)
        pulls = [world.github.open_pull(world.repository, head=next(heads)) for _ in range(PULLS)]
        for pull in pulls:
            await world.reviewed(pull, REVIEWED_TIMEOUT_S)
        return cls(world, pulls, heads)

    async def run(self) -> None:
        """Push, until it is cancelled."""
        for pull in itertools.cycle(self.pulls):
            await asyncio.sleep(PUSH_EVERY_S)
            head = await asyncio.to_thread(next, self.heads)
            self.world.github.push(pull, head)
            self.waiting[head] = time.monotonic()

    async def look(self) -> None:
        """Note who was reviewed, until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for head in [head for head in self.waiting if self._is_reviewed(head)]:
                self.waits_s.append(time.monotonic() - self.waiting.pop(head))

    async def judged(self) -> Judged:
        """Whether the worker came round to the last head of every pull request, which is all that is promised."""

        async def all_reviewed() -> bool:
            return all(self._is_reviewed(pull.head_sha) for pull in self.pulls)

        with contextlib.suppress(TimeoutError):
            await until(all_reviewed, REVIEWED_TIMEOUT_S)
        done, waits = sum(self._is_reviewed(pull.head_sha) for pull in self.pulls), sorted(self.waits_s)
        middle, latest = (waits[len(waits) // 2], waits[-1]) if waits else (0.0, 0.0)
        overtaken = len(set(self.waiting) - {pull.head_sha for pull in self.pulls})
        waited = f"{overtaken} heads were overtaken, the others waited {middle:.1f} s, at most {latest:.1f}"
        name = "what is pushed meanwhile is reviewed at its last head"
        return Judged(name, f"{done} of {PULLS}; {waited}", done == PULLS)

    def _is_reviewed(self, head: str) -> bool:
        return any(run.status == "completed" for run in self.world.github.check_runs(head))


def _heads(git: GitRepository) -> Iterator[str]:
    """Commits with something to be found in each."""
    for number in itertools.count():
        git.checkout("main")
        git.branch(f"head-{number}")
        yield git.commit(
            {f"shop/run_{number}.py": f'"""Runs."""\nimport os\n\nos.system("x {number} " + input())\n'}
        )


def tails(world: World) -> list[str]:
    """Everything of a request after its GUID: pushes to pull requests that are gone when the worker looks.

    Pushes, like what it is to review meanwhile: openings would come before those for as long as they come.
    """
    return [_tail(world, one.payload) for one in world.github.deliveries if one.event == "pull_request"]


def _tail(world: World, payload: bytes) -> str:
    said = json.loads(payload)
    said["action"] = "synchronize"
    said["number"] = said["pull_request"]["number"] = said["number"] + GONE
    body = json.dumps(said).encode()
    signed = hmac.new(world.github.app.webhook_secret.encode(), body, "sha256").hexdigest()
    head = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Hook-Installation-Target-ID": str(world.github.app.app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": f"sha256={signed}",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"\r\n{lines}\r\n{body.decode()}"


async def watch(world: World, memory: dict[str, list[Point]]) -> None:
    """What each process holds, every second; a page that processes share counts by its part."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        for name, process in (("web", world.stack.web), ("worker", world.stack.worker)):
            said = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
            memory[name].append((clock() - began, int(PSS.findall(said)[0]) / 1024))
        await asyncio.sleep(1)


async def fill(url: str) -> None:
    """With deliveries of before, among which the GUIDs of the new ones fall: a database is empty once in its life."""
    at = time.time()  # else they would be pruned
    fixed = {"event": OLD, "body_digest": "", "outcome": "noted", "received_at": at, "handled_at": at}
    async with _opened(url) as database:
        for _ in range(0, OLD_ROWS, OLD_AT_ONCE):
            rows = [{"guid": new_guid(), **fixed} for _ in range(OLD_AT_ONCE)]
            await database.write(partial(_insert, rows))


def _insert(rows: Sequence[Mapping[str, object]], conn: sa.Connection) -> None:
    conn.execute(sa.insert(delivery), rows)


async def kept(url: str) -> int:
    """Deliveries of the sender's that were kept."""
    ours = delivery.c.guid.startswith(GUID_HEAD) & (delivery.c.event != OLD)
    async with _opened(url) as database:
        rows = sa.select(sa.func.count()).where(ours)
        return await database.read(lambda conn: conn.execute(rows).scalar_one())


@contextlib.asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database.connect(url)
    try:
        yield database
    finally:
        await database.close()
