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

from tests.fakes.github import Pull
from tests.fakes.github.git import Git
from tests.fakes.github.values import Happening
from tests.journeys.world import World

POLL_S = 0.02
REVIEW_TIMEOUT_S = 60.0
WAITS = ("analysers", "github", "model", "database")

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
    _log: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, world: World) -> Bench:
        """Measure in `world`."""
        world.repository.git = git = TimedGit(world.repository.git.path)
        bench = cls(world, git)
        world.github.on_event(bench._happened)
        return bench

    async def review(self, head: str) -> Parts:
        """Open a pull request of the commit `head`, wait for its review; the milliseconds of its parts."""
        pull = self.world.github.open_pull(self.world.repository, head=head, title="Export orders")
        git_opening = self.git.seconds
        timings = await self._logged("job timings", pull)
        started = await self._logged("job started", pull)
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

    async def _logged(self, event: str, pull: Pull) -> Mapping[str, Any]:
        """The worker's log entry of that name about the pull request."""
        async with asyncio.timeout(REVIEW_TIMEOUT_S):
            while True:
                self._read()
                for entry in reversed(self._log):
                    if entry["event"] == event and entry.get("key", "").split(":")[2:3] == [str(pull.number)]:
                        return entry
                await asyncio.sleep(POLL_S)

    def _read(self) -> None:
        """Take in the lines that the worker has written since, whole ones only."""
        with self.world.stack.worker.log.open("rb") as log:
            log.seek(self._read_bytes)
            lines, _, _ = log.read().rpartition(b"\n")
        self._read_bytes += len(lines) + bool(lines)
        self._log += [json.loads(line) for line in lines.splitlines() if line.startswith(b"{")]


def _number(payload: bytes) -> int | None:
    number = json.loads(payload).get("number")
    return int(number) if number else None


def _at(entry: Mapping[str, Any]) -> float:
    """Epoch seconds of a log entry."""
    return datetime.fromisoformat(entry["timestamp"]).timestamp()


def _ms(seconds: float) -> float:
    return seconds * 1_000
