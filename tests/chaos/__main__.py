"""`make chaos`: a storm over a running Quorum, and what was true when it was over."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from tests.chaos.arena import Arena, arena
from tests.chaos.blows import strike
from tests.chaos.plan import blows, kinds_for
from tests.chaos.truth import Promise, promises, settled

CALM_S_MAX = 300.0
TELL_EVERY_S = 15.0
MINUTES, PULLS = 5.0, 500
SHORT_MINUTES, SHORT_PULLS, SHORT_HURRY = 0.8, 60, 4.0
"""Every kind of blow once, over fewer pull requests: for each change; the full one is for each night."""


@dataclass(frozen=True, slots=True)
class Storm:
    """How long and how much: `pulls` pull requests are opened evenly over `minutes`."""

    database: str
    seed: int
    minutes: float
    pulls: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class Weathered:
    """What a storm came to."""

    storm: Storm
    struck: Counter[str]
    promises: Sequence[Promise]
    calm_after_s: float | None

    @property
    def broken(self) -> int:
        """How often a promise was broken."""
        return sum(one.broken for one in self.promises) + (self.calm_after_s is None)


async def weather(storm: Storm) -> Weathered:
    """Everything goes wrong while people work; then nothing does, and the truth is looked at."""
    async with arena(storm.database, storm.seed) as place:
        struck: Counter[str] = Counter()
        async with asyncio.timeout(storm.minutes * 60 + CALM_S_MAX):
            striking = asyncio.create_task(_strike(place, storm, struck))
            await _people(place, storm)
            await striking
        place.sane = True
        place.github.faults.clear()
        print("  the storm is over", flush=True)
        calm_after_s: float | None = None
        with contextlib.suppress(TimeoutError):
            calm_after_s = await settled(place, CALM_S_MAX)
        await place.github.delivered()
        await place.supervise()
        judged = await promises(place)
        if calm_after_s is None or any(one.broken for one in judged):
            _keep_logs(place, storm)
        return Weathered(storm, struck, judged, calm_after_s)


async def _people(place: Arena, storm: Storm) -> None:
    """Open one pull request after the other; whoever looks may see how far it is."""
    pause_s, told_at = storm.minutes * 60 / storm.pulls, time.monotonic()
    for number in range(storm.pulls):
        place.open_pull()
        await asyncio.sleep(pause_s)
        if time.monotonic() - told_at > TELL_EVERY_S:
            told_at = time.monotonic()
            print(f"  {number + 1} of {storm.pulls} pull requests are open", flush=True)


async def _strike(place: Arena, storm: Storm, struck: Counter[str]) -> None:
    """One blow at a time, until the storm is over; a short one is when every kind has come."""
    ends_at = time.monotonic() + storm.minutes * 60
    kinds = kinds_for(storm.database, short=storm.short)
    planned = blows(storm.seed, kinds, hurry=SHORT_HURRY if storm.short else 1.0)
    for blow in islice(planned, len(kinds)) if storm.short else planned:
        await asyncio.sleep(blow.after_s)
        if time.monotonic() >= ends_at and not storm.short:
            return
        await strike(place, blow)
        struck[blow.kind] += 1


def _keep_logs(place: Arena, storm: Storm) -> None:
    """What the processes said, for whoever looks for the reason."""
    kept = f"chaos-{storm.database}-{storm.seed}.log"
    with open(kept, "w", encoding="utf-8") as out:
        for log in sorted(place.folder.glob("*.log")):
            out.write(f"===== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')}\n")
    print(f"  the processes' logs are in {kept}", flush=True)


def table(weathered: Weathered) -> str:
    """Every promise with how often it was broken."""
    storm = weathered.storm
    calm = "never" if weathered.calm_after_s is None else f"{weathered.calm_after_s:.0f} s after its end"
    lines = [
        f"{storm.database}, seed {storm.seed}: {storm.pulls} pull requests, "
        f"{weathered.struck.total()} blows of {len(weathered.struck)} kinds; all was done {calm}",
    ]
    width = max(len(one.name) for one in weathered.promises)
    for one in weathered.promises:
        held = "holds" if not one.broken else f"BROKEN {one.broken} of {one.of}"
        lines.append(f"  {one.name:<{width}}  {held}  {one.detail}".rstrip())
    return "\n".join(lines)


def main() -> int:
    """Weather a storm on each database; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="every kind of blow once, in two minutes or so")
    parser.add_argument("--minutes", type=float, help="of storm, on each database")
    parser.add_argument("--pulls", type=int, help="pull requests, on each database")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args()
    minutes = asked.minutes or (SHORT_MINUTES if asked.short else MINUTES)
    pulls = asked.pulls or (SHORT_PULLS if asked.short else PULLS)
    broken = 0
    for database in asked.database or ("sqlite", "postgresql"):
        print(f"{database}: a storm of {minutes:g} minutes, seed {asked.seed}", flush=True)
        weathered = asyncio.run(weather(Storm(database, asked.seed, minutes, pulls, asked.short)))
        print(table(weathered), flush=True)
        broken += weathered.broken
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
