"""`make chaos`: every promise of docs/guarantees.md is put to the test, then one table of what came of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from tests.chaos.asked import DATABASES, Asked
from tests.chaos.parts import Ended
from tests.chaos.quiet import busy_share, told_of
from tests.chaos.rows import Verdict
from tests.chaos.sections.registry import Section, chosen, names
from tests.chaos.table import table


async def run(phases: Sequence[Sequence[Section]], asked: Asked) -> list[Ended]:
    """One phase after the other."""
    ended: list[Ended] = []
    for phase in phases:
        print(f"{', '.join(section.name for section in phase)} …", flush=True)
        for some in await asyncio.gather(*(_section(section, asked) for section in phase)):
            ended += some
    return ended


async def _section(section: Section, asked: Asked) -> list[Ended]:
    busy = await busy_share() if section.timed else 0.0
    parts = list(section.parts(asked))
    if section.together:
        ended = list(await asyncio.gather(*(part.run() for part in parts)))
    else:
        ended = [await part.run() for part in parts]
    busy = max(busy, await busy_share()) if section.timed else 0.0
    return [Ended(one.name, told_of(one.rows, busy), one.took_s) for one in ended]


def _asked(words: Sequence[str] | None = None) -> tuple[Asked, list[str]]:
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="every kind of blow once, in two minutes or so")
    parser.add_argument("--minutes", type=float, help="of storm, and of load")
    parser.add_argument("--pulls", type=int, help="pull requests, on each database")
    parser.add_argument("--seconds", type=float, help="that a host is cut off")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--only", default="", help=f"some of {', '.join(names())}, with commas between them")
    given = parser.parse_args(words)
    only = [name for name in given.only.split(",") if name]
    if unknown := set(only) - set(names()):
        parser.error(f"ONLY= knows {', '.join(names())}; not {', '.join(sorted(unknown))}")
    databases = tuple(given.database or DATABASES)
    return Asked(given.seed, given.short, given.minutes, given.pulls, given.seconds, databases), only


def main() -> int:
    """1 when a promise was broken."""
    asked, only = _asked()
    began = time.monotonic()
    ended = asyncio.run(run(chosen(only, short=asked.short), asked))
    print(table(ended, time.monotonic() - began), flush=True)
    return 1 if any(row.verdict is Verdict.BROKEN for one in ended for row in one.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
