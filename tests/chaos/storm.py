"""A storm over a running Quorum on one database, and what was true when it was over; `make chaos ONLY=storm`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tests.chaos.arena import Arena, arena
from tests.chaos.blows import strike
from tests.chaos.logs import keep_logs
from tests.chaos.plan import blows, kinds_for
from tests.chaos.rows import Row, Verdict, holds, told
from tests.chaos.shifting import library
from tests.chaos.truth import Promise, promises, settled

CALM_S_MAX = 480.0
"""Far more than it takes: how soon it is well again is no question of a storm, and the machine may be a slow one."""
TELL_EVERY_S = 15.0
SHORT_HURRY = 4.0


@dataclass(frozen=True, slots=True)
class Storm:
    """How long and how much: `pulls` pull requests are opened evenly over `minutes`; `short`: every blow comes once.

    `kind`: only these kinds of blow, for whoever hunts one.
    """

    database: str
    seed: int
    minutes: float
    pulls: int
    short: bool = False
    kind: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Weathered:
    """What a storm came to; `logs` is where the processes' words were kept, if something was broken."""

    struck: Counter[str]
    promises: Sequence[Promise]
    calm_after_s: float | None
    logs: str = ""


async def weather(storm: Storm) -> Weathered:
    """Everything goes wrong while people work; then nothing does, and the truth is looked at."""
    async with arena(storm.database, storm.seed) as place:
        struck: Counter[str] = Counter()
        print("  all processes run", flush=True)
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
        print("  all is done" if calm_after_s is not None else "  it never became calm", flush=True)
        await place.github.delivered()
        await place.supervise()
        judged = await promises(place)
        broken = calm_after_s is None or any(one.broken for one in judged)
        logs = keep_logs(place.folder, f"chaos-{storm.database}-{storm.seed}.log") if broken else ""
        return Weathered(struck, judged, calm_after_s, logs)


async def _people(place: Arena, storm: Storm) -> None:
    """Open one pull request after the other, each at its time; whoever looks may see how far it is."""
    pause_s, began, told_at = storm.minutes * 60 / storm.pulls, time.monotonic(), time.monotonic()
    for number in range(storm.pulls):
        place.open_pull()
        await asyncio.sleep(max(0.0, began + (number + 1) * pause_s - time.monotonic()))
        if time.monotonic() - told_at > TELL_EVERY_S:
            told_at = time.monotonic()
            print(f"  {number + 1} of {storm.pulls} pull requests are open", flush=True)


async def _strike(place: Arena, storm: Storm, struck: Counter[str]) -> None:
    """One blow at a time, until the storm is over; a short one is when every kind has come."""
    ends_at = time.monotonic() + storm.minutes * 60
    kinds = storm.kind or kinds_for(storm.database, clocks=library() is not None, short=storm.short)
    planned = blows(storm.seed, kinds, hurry=SHORT_HURRY if storm.short else 1.0)
    for blow in islice(planned, len(kinds)) if storm.short else planned:
        await asyncio.sleep(blow.after_s)
        if time.monotonic() >= ends_at and not storm.short:
            return
        await strike(place, blow)
        struck[blow.kind] += 1


def rows(weathered: Weathered) -> Iterator[Row]:
    """What struck, and every promise."""
    struck, calm = weathered.struck, weathered.calm_after_s
    yield Row("blows", Verdict.TOLD, f"{struck.total()} of {len(struck)} kinds")
    if library() is None:
        yield Row("the stores' clocks jump", Verdict.SKIPPED, "", "libfaketime is not installed")
    after = "never" if calm is None else f"{calm:.0f} s after its end"
    yield Row(
        "all is done when the storm is over", holds(calm is not None), after, _note(weathered, calm is None)
    )
    for one in weathered.promises:
        yield Row(
            one.name,
            holds(not one.broken),
            one.measured,
            f"{one.detail} {_note(weathered, bool(one.broken))}".strip(),
        )


def _note(weathered: Weathered, broken: bool) -> str:
    return f"logs: {weathered.logs}" if broken else ""


def main() -> int:
    """Weather one, and say its rows."""
    parser = argparse.ArgumentParser(prog=__spec__.name)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--pulls", type=int, required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--kind", action="append", default=[], help="of blow; all of them without")
    asked = parser.parse_args()
    print(f"a storm of {asked.minutes:g} minutes, {asked.pulls} pull requests, seed {asked.seed}", flush=True)
    print(told(rows(asyncio.run(weather(Storm(**vars(asked)))))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
