"""`make load`: deliveries at four fifths of what the receiver can take, for minutes: memory, latency, nothing lost."""

from __future__ import annotations

import argparse
import asyncio
import hmac
import itertools
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.chaos.load_figures import Point, slope_per_min, thirds
from tests.chaos.load_sender import GUID_HEAD
from tests.databases import kill_valkey, start_valkey
from tests.fakes.github import Pull
from tests.fakes.repository import GitRepository
from tests.journeys.world import World, opened
from workers.storage.database import Database
from workers.storage.tables import delivery

SENDER = "tests.chaos.load_sender"
SHARE = 0.8
LIMIT_S = 8.0
PULLS = 20
GONE = 100_000
PUSH_EVERY_S = 3.0
WARM_UP_SHARE = 1 / 3
MEMORY_MIN_MINUTES = 3.0
"""A process that just began still loads; in less time its slope says nothing."""
GROWTH_MAX_MB_MIN = 1.0
SLOWER_MAX = 1.2
MACHINE_MAX = 1.25
"""How much the limit may have moved meanwhile before it is the machine whose speed is measured."""
SETTINGS = {"QUORUM_DEBOUNCE_S": "1", "QUORUM_LEASE_S": "30", "QUORUM_SWEEP_INTERVAL_S": "5"}
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender says."""

    statuses: dict[str, int]
    latencies_ms: list[Point]

    @property
    def count(self) -> int:
        """Requests that were answered."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence; `holds` is None where it can't be judged."""

    says: str
    holds: bool | None


async def load(minutes: float) -> list[Judged]:
    """The whole of it, on SQLite, with one worker that reviews what is pushed meanwhile."""
    valkey = start_valkey()
    try:
        with tempfile.TemporaryDirectory(prefix="quorum-load-") as name:
            folder = Path(name)
            git = GitRepository.create(folder / "git")
            git.commit({"README.md": "# Shop\n"}, "Open the shop")
            url = f"sqlite+aiosqlite:///{folder / 'quorum.db'}"
            async with opened(
                folder, git, database_url=url, redis_url=valkey.url, settings=SETTINGS
            ) as world:
                return await _judged(world, folder, url, minutes)
    finally:
        kill_valkey(valkey)


async def _judged(world: World, folder: Path, url: str, minutes: float) -> list[Judged]:
    heads = _heads(world.git)
    pulls = [world.github.open_pull(world.repository, head=next(heads)) for _ in range(PULLS)]
    await world.github.delivered()
    file = folder / "deliveries.json"
    opened_ones = [one for one in world.github.deliveries if one.event == "pull_request"]
    file.write_text(json.dumps([_tail(world, one.payload) for one in opened_ones]))
    pushing = asyncio.create_task(
        _push(world, pulls, heads)
    )  # from here on: the limit is one beside a worker at work
    first = await _send(world, file, 0, LIMIT_S)
    limit_s = first.count / LIMIT_S
    print(
        f"  the limit is {limit_s:.0f} deliveries/s, {os.getloadavg()[0]:.1f} runnable on this machine",
        flush=True,
    )
    memory: dict[str, list[Point]] = {"web": [], "worker": []}
    watching = asyncio.create_task(_watch(world, memory))
    sent = await _send(world, file, SHARE * limit_s, minutes * 60)
    watching.cancel()
    last = await _send(world, file, 0, LIMIT_S)
    pushing.cancel()
    await asyncio.gather(watching, pushing, return_exceptions=True)
    rows, answered = await _rows(url), first.count + sent.count + last.count
    refused = [one.statuses for one in (first, sent, last) if set(one.statuses) != {"202"}]
    reviews = sum(len(world.github.reviews(pull)) for pull in pulls)
    return [
        Judged(
            f"{sent.count} deliveries at {sent.count / minutes / 60:.0f}/s; {reviews} reviews meanwhile", None
        ),
        Judged(f"every answer is 202 {refused or ''}", not refused),
        Judged(f"{rows} rows of {answered} deliveries", rows == answered),
        *_memory(memory, minutes),
        *_latency(sent, minutes, last.count / first.count),
    ]


def _memory(memory: dict[str, list[Point]], minutes: float) -> Iterator[Judged]:
    for name, points in memory.items():
        settled = [point for point in points if point[0] >= minutes * 60 * WARM_UP_SHARE]
        slope = slope_per_min(settled)
        said = f"{name}: {settled[0][1]:.1f} → {settled[-1][1]:.1f} MB, {slope:+.2f} MB/min"
        long_enough = minutes >= MEMORY_MIN_MINUTES
        holds = slope <= GROWTH_MAX_MB_MIN if long_enough else None
        yield Judged(f"{said}, goal <= {GROWTH_MAX_MB_MIN:g}", holds)


def _latency(sent: Sent, minutes: float, machine: float) -> Iterator[Judged]:
    first, _, last = thirds(sent.latencies_ms, minutes * 60)
    quiet = 1 / MACHINE_MAX <= machine <= MACHINE_MAX
    for name, before, after in (("p50", first.p50_ms, last.p50_ms), ("p99", first.p99_ms, last.p99_ms)):
        ratio = after / before
        said = f"{name}: {before:.1f} → {after:.1f} ms, × {ratio:.2f}, goal <= {SLOWER_MAX:g}"
        holds = ratio <= SLOWER_MAX if quiet else None
        yield Judged(f"{said}; meanwhile the limit went × {machine:.2f}", holds)


def _heads(git: GitRepository) -> Iterator[str]:
    """Commits that each bring something to be said."""
    for number in itertools.count():
        git.checkout("main")
        git.branch(f"head-{number}")
        yield git.commit(
            {f"shop/run_{number}.py": f'"""Runs."""\nimport os\n\nos.system("x {number} " + input())\n'}
        )


def _tail(world: World, payload: bytes) -> str:
    """Everything of a request after its GUID, about a pull request that is gone when the worker looks."""
    said = json.loads(payload)
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


async def _send(world: World, file: Path, rate_s: float, seconds: float) -> Sent:
    port = world.stack.settings["QUORUM_PORT"]
    words = ["-m", SENDER, port, str(rate_s), str(seconds), str(file)]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    said = json.loads(out)
    return Sent(said["statuses"], [(due, taken) for due, taken in said["latencies_ms"]])


async def _watch(world: World, memory: dict[str, list[Point]]) -> None:
    """What each process holds, every second; a page that processes share counts by its part."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        for name, process in (("web", world.stack.web), ("worker", world.stack.worker)):
            said = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
            memory[name].append((clock() - began, int(PSS.findall(said)[0]) / 1024))
        await asyncio.sleep(1)


async def _push(world: World, pulls: list[Pull], heads: Iterator[str]) -> None:
    """New heads, so that the worker reviews meanwhile."""
    for pull in itertools.cycle(pulls):
        await asyncio.sleep(PUSH_EVERY_S)
        world.github.push(pull, await asyncio.to_thread(next, heads))


async def _rows(url: str) -> int:
    """Deliveries of the sender's that were kept."""
    kept = sa.select(sa.func.count()).where(delivery.c.guid.startswith(GUID_HEAD))
    database = Database.connect(url)
    try:
        return await database.read(lambda conn: conn.execute(kept).scalar_one())
    finally:
        await database.close()


def main() -> int:
    """1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--minutes", type=float, default=5.0)
    asked = parser.parse_args()
    words = {True: "holds ", False: "MISSED", None: "      "}
    judged = asyncio.run(load(asked.minutes))
    for one in judged:
        print(f"  {words[one.holds]}  {one.says}")
    return 1 if any(one.holds is False for one in judged) else 0


if __name__ == "__main__":
    sys.exit(main())
