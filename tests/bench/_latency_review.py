"""One review under the clock: what the receiver, the worker's log and the fake GitHub say of it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.fakes.github.git import Git
from tests.fakes.github.values import Happening
from tests.journeys.world import World
from workers.domain.work import WorkKey

POLL_S = 0.02
IDLE_S = 3.0
REVIEW_TIMEOUT_S = 60.0
WAITS = ("analysers", "github", "model", "database")

Entry = Mapping[str, Any]
Parts = dict[str, float]
"""Milliseconds by part; the parts of one review are no partition of it."""


class TimedGit(Git):
    """A repository of the fake GitHub that knows how long git ran for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.seconds = 0.0

    def _start(
        self, arguments: tuple[str, ...], stdin: bytes | None = None, extra: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        started = time.perf_counter()
        try:
            return super()._start(arguments, stdin, extra)
        finally:
            self.seconds += time.perf_counter() - started


@dataclass
class Bench:
    """A running Quorum whose reviews are measured one after the other."""

    world: World
    git: TimedGit
    _submitted_at: float = 0.0
    _read_bytes: int = 0
    _log: list[Entry] = field(default_factory=list)

    @classmethod
    def of(cls, world: World) -> Bench:
        """Measure in `world`."""
        world.repository.git = git = TimedGit(world.repository.git.path)
        bench = cls(world, git)
        world.github.on_event(bench._happened)
        return bench

    async def ready(self) -> None:
        """Wait until the worker listens, and for as long as most workers have idled before their first review."""
        await self._logged("listening for kicks")
        await asyncio.sleep(IDLE_S)

    async def review(self, head: str) -> Parts:
        """Open a pull request of the commit `head`, wait for its review; the milliseconds of its parts."""
        pull = self.world.github.open_pull(self.world.repository, head=head, title="Export orders")
        git_opening = self.git.seconds
        timings = await self._logged("job timings", pull.number)
        started = await self._logged("job started", pull.number)
        delivery = next(one for one in self.world.github.deliveries if _number(one.payload) == pull.number)
        received_at = delivery.delivered_at + delivery.duration_s
        waits = {name: float(timings["waits"].get(name, 0.0)) for name in WAITS}
        whole = _ms(_at(timings) - delivery.delivered_at)
        # what overlaps the database would be taken off twice, so that it is never less than it should be
        own = whole - (timings["total"] - timings["own"] - waits["database"])
        return {
            "webhook received to all posted and recorded": whole,
            "webhook received to review posted": _ms(self._submitted_at - delivery.delivered_at),
            "receiver, until its 202": _ms(delivery.duration_s),
            "queue wake, from 202 to claim": _ms(_at(started) - received_at),
            "job": timings["total"],
            "analysers": waits["analysers"],
            "HTTP to GitHub": waits["github"],
            "of it git, inside the fake": _ms(self.git.seconds - git_opening),
            "HTTP to the model": waits["model"],
            "database": waits["database"],
            "own time": own,
            **{f"own time, phase {name}": float(spent) for name, spent in timings["phases"].items()},
        }

    def _happened(self, happening: Happening) -> None:
        if happening.kind == "pull_request_review.submitted":
            self._submitted_at = happening.at

    async def _logged(self, event: str, number: int | None = None) -> Entry:
        """The worker's log entry of that name, about that pull request if one is named."""
        async with asyncio.timeout(REVIEW_TIMEOUT_S):
            while True:
                self._read()
                matching = (entry for entry in reversed(self._log) if entry["event"] == event)
                found = next((entry for entry in matching if number in (None, _subject(entry))), None)
                if found is not None:
                    return found
                await asyncio.sleep(POLL_S)

    def _read(self) -> None:
        """Take in the lines that the worker has written since, whole ones only."""
        with self.world.stack.worker.log.open("rb") as log:
            log.seek(self._read_bytes)
            lines, _, _ = log.read().rpartition(b"\n")
        self._read_bytes += len(lines) + bool(lines)
        self._log += [json.loads(line) for line in lines.splitlines() if line.startswith(b"{")]


def _subject(entry: Entry) -> int | None:
    """The number of the pull request that a log entry is about; see WorkKey."""
    key = entry.get("key")
    return WorkKey.parse(key).number if key else None


def _number(payload: bytes) -> int | None:
    number = json.loads(payload).get("number")
    return int(number) if number else None


def _at(entry: Entry) -> float:
    """Epoch seconds of a log entry."""
    return datetime.fromisoformat(entry["timestamp"]).timestamp()


def _ms(seconds: float) -> float:
    return seconds * 1_000
