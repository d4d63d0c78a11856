"""What must be true when all is calm again: GitHub's own state, the database and Valkey are asked, not Quorum."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import redis.asyncio
import sqlalchemy as sa

from tests.chaos.arena import Arena
from tests.fakes.github import CheckRun, Pull
from workers.storage.database import Database

LOOK_S, TELL_EVERY_S = 0.5, 15.0
LOOK_AGAIN_S, LOOKS_AGAIN = 2.0, 5
OPEN = "SELECT count(*) FROM work WHERE wanted_gen > done_gen AND wanted_gen > dead_gen"
DEAD = "SELECT count(*) FROM work WHERE dead_gen >= wanted_gen AND wanted_gen > done_gen"
LEASED = "SELECT count(*) FROM work WHERE lease_token <> ''"
CALLS = "SELECT coalesce(sum(calls), 0) FROM call WHERE outcome <> 'kept'"
UNREACHED = "SELECT coalesce(sum(calls), 0) FROM call WHERE outcome = 'unavailable'"
UNARRIVED = "SELECT count(*) FROM missed WHERE given_up_at IS NULL"
FINDING = re.compile(r"<!-- quorum:v1 finding [^>]*-->")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: how many broke it, of how many."""

    name: str
    broken: int
    of: int
    detail: str = ""

    @property
    def measured(self) -> str:
        """How many were as promised."""
        return f"{max(0, self.of - self.broken):,} of {self.of:,}"


async def settled(arena: Arena, timeout_s: float) -> float:
    """Seconds until nothing is wanted any more and every open head has its check; raises TimeoutError."""
    loop = asyncio.get_running_loop()
    began, calm, told_at = loop.time(), 0, loop.time()
    async with asyncio.timeout(timeout_s), _opened(arena) as database:
        while calm < 3:
            wanted, unchecked = await _number(database, OPEN), len(list(_unchecked(arena)))
            calm = 0 if wanted or unchecked else calm + 1
            if loop.time() - told_at > TELL_EVERY_S:
                told_at = loop.time()
                print(f"  {wanted} are wanted, {unchecked} have no check", flush=True)
            await asyncio.sleep(LOOK_S)
    return loop.time() - began


async def unwritten(arena: Arena) -> int:
    """Calls that the models answered, or are answering, and that no row tells of yet, at most.

    The rows first: what is written down while they are counted must not stand for what was lost.
    """
    async with _opened(arena) as database:
        written = await _number(database, CALLS)
    return len(arena.models.requests) - written


async def promises(arena: Arena) -> list[Promise]:
    """All of them, judged; again a few times where one is broken: workers still run, and a look may meet a probe of
    theirs between its question and its row. What was done twice, or never, stays so.
    """
    judged = await _promises(arena)
    for _ in range(LOOKS_AGAIN):
        if not any(one.broken for one in judged):
            break
        await asyncio.sleep(LOOK_AGAIN_S)
        judged = await _promises(arena)
    return judged


async def _promises(arena: Arena) -> list[Promise]:
    pulls = [pull for pull in arena.pulls if pull.state == "open"]
    async with _opened(arena) as database:
        leased, dead = await _number(database, LEASED), await _number(database, DEAD)
        open_rows, calls = await _number(database, OPEN), await _number(database, CALLS)
        unreached = await _number(database, UNREACHED)
    asked = len(arena.models.requests)
    return [
        _promise(
            "every open head has one finished check", pulls, lambda pull: len(_judged(arena, pull)) == 1
        ),
        _promise("no check is left open", pulls, lambda pull: not _open_checks(arena, pull)),
        _promise("one summary each", pulls, lambda pull: _summaries(arena, pull) == 1),
        _promise("the summary speaks of the head", pulls, lambda pull: _speaks_of_head(arena, pull)),
        _promise("no finding is said twice", pulls, lambda pull: not _repeated(arena, pull)),
        _promise("every head's finding was said", pulls, lambda pull: bool(_said(arena, pull))),
        Promise(
            "no work is left, held or given up",
            open_rows + leased + dead,
            len(arena.pulls),
            f"{dead} given up",
        ),
        _ledger(arena, asked, calls, unreached),
        Promise(
            "no money stays put aside",
            max(0, await _held(arena) - arena.in_flight_lost),
            asked,
            "but of calls whose worker was killed, for their lease",
        ),
        Promise(
            "nothing is sent while GitHub asks to wait",
            arena.github.limits.violations - arena.github.limits.learned,
            len(arena.github.requests),
            f"{_refused(arena)} times refused, {arena.github.limits.learned} to tell who had not heard",
        ),
        Promise(
            "whoever is asked to stop ends", len(arena.stuck), arena.asked_to_stop, " ".join(arena.stuck)
        ),
        Promise(
            "no process ends by itself", len(arena.fallen), len(arena.workers) + 1, " ".join(arena.fallen)
        ),
    ]


def _ledger(arena: Arena, asked: int, calls: int, unreached: int) -> Promise:
    """What was sent on a connection that was being closed was not served, but has a row: who sends can't know."""
    unserved = max(0, unreached - arena.models_failed)
    doubled, missing = max(0, calls - unserved - asked), max(0, asked - calls - arena.in_flight_lost)
    return Promise(
        "the ledger has every call, and none twice",
        doubled + missing,
        asked,
        f"{asked} served, {calls} in the ledger, {unserved} never arrived, "
        f"at most {arena.in_flight_lost} lost with their worker",
    )


def _promise(name: str, pulls: list[Pull], holds: Callable[[Pull], bool]) -> Promise:
    broken = [f"{pull.repository.full_name}#{pull.number}" for pull in pulls if not holds(pull)]
    return Promise(name, len(broken), len(pulls), ", ".join(broken[:8]))


def _checks(arena: Arena, pull: Pull, sha: str) -> list[CheckRun]:
    made_for = f":{pull.repository.id}:{pull.number}:"
    return [run for run in arena.github.check_runs(sha) if made_for in (run.external_id or "")]


def _judged(arena: Arena, pull: Pull) -> list[CheckRun]:
    """Those that say something about the head: a run that a newer one overtook was cancelled."""
    runs = _checks(arena, pull, pull.head_sha)
    return [run for run in runs if run.status == "completed" and run.conclusion != "cancelled"]


def _open_checks(arena: Arena, pull: Pull) -> list[CheckRun]:
    return [run for sha in arena.heads for run in _checks(arena, pull, sha) if run.status != "completed"]


def _unchecked(arena: Arena) -> Iterator[Pull]:
    for pull in arena.pulls:
        if pull.state == "open" and not _judged(arena, pull):
            yield pull


def _summaries(arena: Arena, pull: Pull) -> int:
    return sum("quorum:v1 summary" in one["body"] for one in arena.github.issue_comments(pull))


def _speaks_of_head(arena: Arena, pull: Pull) -> bool:
    return any(pull.head_sha[:7] in one["body"].splitlines()[0] for one in arena.github.issue_comments(pull))


def _said(arena: Arena, pull: Pull) -> Counter[str]:
    bodies = (one["body"] for one in arena.github.review_comments(pull))
    return Counter(mark for body in bodies for mark in FINDING.findall(body))


def _repeated(arena: Arena, pull: Pull) -> list[str]:
    return [mark for mark, count in _said(arena, pull).items() if count > 1]


async def _held(arena: Arena) -> int:
    async with redis.asyncio.Redis.from_url(f"redis://127.0.0.1:{arena.valkey_port}") as client:
        seconds, _ = await client.time()
        return int(await client.zcount("{quorum:budget}:leases", seconds, "+inf"))


def _refused(arena: Arena) -> int:
    """How often GitHub asked to wait."""
    return sum(one.status == 429 or one.status == 403 for one in arena.github.requests)


@asynccontextmanager
async def _opened(arena: Arena) -> AsyncIterator[Database]:
    database = Database.connect(arena.database_url)
    try:
        yield database
    finally:
        await database.close()


async def _number(database: Database, statement: str) -> int:
    return int(await database.read(lambda conn: conn.scalar(sa.text(statement))) or 0)
