"""`make load`: deliveries at four fifths of what the receiver can take, for minutes: memory, latency, nothing lost."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.load_figures import Judged, Point, Sent, on_memory, taken_per_pulse
from tests.chaos.load_judged import on_latency, on_limit, on_pace, told_of
from tests.chaos.load_work import Pushing, fill, kept, tails, watch
from tests.chaos.rows import Row, Verdict, holds, told
from tests.databases import kill_valkey, start_valkey
from tests.fakes.repository import GitRepository
from tests.journeys.world import World, opened

SENDER = "tests.chaos.load_sender"
SHARE = 0.8
LIMIT_S = 12.0
SETTINGS = {"QUORUM_DEBOUNCE_S": "1", "QUORUM_LEASE_S": "30", "QUORUM_SWEEP_INTERVAL_S": "5"}


@dataclass(frozen=True, slots=True)
class Sending:
    """Where deliveries go, and which (a file)."""

    port: str
    file: Path

    async def at(self, per_pulse: float, seconds: float) -> Sent:
        """In a process of its own, so many in the time of a pulse; 0: as fast as the answers come."""
        words = ["-m", SENDER, self.port, str(per_pulse), str(seconds), str(self.file)]
        process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        said = json.loads(out)
        return Sent(said["statuses"], said["latencies_ms"], said["pulse_ms"], said["due"])


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
                await fill(url)
                pushing = await Pushing.opened(world)
                file = folder / "deliveries.json"
                file.write_text(json.dumps(tails(world)))
                sending = Sending(world.stack.settings["QUORUM_PORT"], file)
                return await _judged(world, pushing, sending, url, minutes)
    finally:
        kill_valkey(valkey)


async def _judged(world: World, pushing: Pushing, sending: Sending, url: str, minutes: float) -> list[Judged]:
    memory: dict[str, list[Point]] = {"web": [], "worker": []}
    seconds = minutes * 60
    # the limit, too, is one beside a worker at work
    tasks = [asyncio.create_task(pushing.run()), asyncio.create_task(pushing.look())]
    first = await sending.at(0, LIMIT_S)
    taken = taken_per_pulse(first, LIMIT_S)
    print(
        f"  {first.count / LIMIT_S:.0f} deliveries/s at most, {os.getloadavg()[0]:.1f} runnable", flush=True
    )
    watching = asyncio.create_task(watch(world, memory))
    sent = await sending.at(SHARE * min(taken), seconds)  # what it takes in any second
    await _ended(watching)
    last = await sending.at(0, LIMIT_S)
    await _ended(tasks[0])
    on_reviews = await pushing.judged()
    await _ended(tasks[1])
    return [
        await _taken(url, first, sent, last),
        *(on_memory(name, points, minutes) for name, points in memory.items()),
        on_reviews,
        told_of(sent, seconds),
        on_pace(sent, seconds),
        *on_latency(sent, seconds),
        on_limit(taken, taken_per_pulse(last, LIMIT_S)),
    ]


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancelled; what went wrong in it is raised."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _taken(url: str, *sent: Sent) -> Judged:
    """Every answer is 202, and each is a row."""
    rows, answered = await kept(url), sum(one.count for one in sent)
    refused = [one.statuses for one in sent if set(one.statuses) != {"202"}]
    said = f"{answered} answers, {rows} rows" + (f", but {refused}" if refused else "")
    return Judged("every delivery is answered 202 and is a row", said, not refused and rows == answered)


def rows(judged: Iterable[Judged]) -> Iterator[Row]:
    """As the table has them."""
    for one in judged:
        nothing = Verdict.UNJUDGED if one.why else Verdict.TOLD
        yield Row(one.name, nothing if one.holds is None else holds(one.holds), one.says, one.why)


def main() -> int:
    """Load it, and say the rows."""
    parser = argparse.ArgumentParser(prog=__spec__.name)
    parser.add_argument("--minutes", type=float, required=True)
    print(told(rows(asyncio.run(load(parser.parse_args().minutes)))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
