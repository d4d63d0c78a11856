"""Quorum's front door beside PR-Agent's and Probot's: how fast, how heavy, and what a SIGKILL takes with it."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from tests.bench import _peers_plans as plans
from tests.bench._peers_install import AbsentError
from tests.bench._peers_turns import Loss, Planner, Turn, loss, turn
from tests.bench.result import Result
from tests.databases import kill_valkey, start_valkey

OURS = "Quorum"
ROUNDS = 3
AT_LEAST = {"PR-Agent": 50.0, "Probot": 0.3}
"""How many deliveries Quorum is to acknowledge for each one of a peer's."""
IDLE = {"PR-Agent": "PR-Agent, working at nothing", "Probot": "Probot, working at nothing"}
"""The same peers told to do nothing: their doors alone, while Quorum's worker works. No goal, but the whole picture."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All turns of one server, and what it lost; None for one that had no work to lose."""

    turns: Sequence[Turn]
    loss: Loss | None


async def run(data: str | None) -> list[Result]:
    """Servers take turns, each alone on the machine with the load and a fake GitHub; `data` is not used.

    The peers are installed from their package indexes into the user's cache; where that fails they are not measured.
    """
    valkey = start_valkey()
    try:
        return await asyncio.to_thread(_results, valkey.url)
    finally:
        kill_valkey(valkey)


def _results(redis_url: str) -> list[Result]:
    planners: Mapping[str, Planner] = {
        OURS: functools.partial(plans.quorum, redis_url),
        "PR-Agent": plans.pr_agent,
        "Probot": plans.probot,
        IDLE["PR-Agent"]: plans.idle_pr_agent,
        IDLE["Probot"]: plans.idle_probot,
    }
    absent = {name: why for name in AT_LEAST if (why := _why_absent(planners[name]))}
    left_out = {*absent, *(IDLE[name] for name in absent)}
    there = {name: planner for name, planner in planners.items() if name not in left_out}
    measured = _measured(there) if len(there) > 1 else {}
    results = [row for name, one in measured.items() for row in _rows(name, one)]
    return [*results, *(_compared(name, measured, absent) for name in (*AT_LEAST, *IDLE.values()))]


def _why_absent(planner: Planner) -> str:
    """Why a peer can't be measured: it can't be had, or does not start; empty when it can."""
    try:
        turn(planner, 0.2)
    except (AbsentError, RuntimeError) as reason:
        return str(reason)
    return ""


def _measured(planners: Mapping[str, Planner]) -> dict[str, Measured]:
    turns: dict[str, list[Turn]] = {name: [] for name in planners}
    for number in range(ROUNDS):
        names = list(planners)[:: 1 if number % 2 == 0 else -1]
        for name in names:
            turns[name].append(turn(planners[name]))
            print(json.dumps({"server": name, **asdict(turns[name][-1])}), flush=True)
    losses = {name: loss(planner) for name, planner in planners.items() if name not in IDLE.values()}
    return {name: Measured(turns[name], losses.get(name)) for name in planners}


def _rows(name: str, measured: Measured) -> list[Result]:
    turns = measured.turns
    return [
        Result(f"{name}: acknowledged", _median([one.requests_s for one in turns]), "deliveries/s"),
        Result(f"{name}: p50", _median([one.p50_ms for one in turns]), "ms"),
        Result(f"{name}: p99", _median([one.p99_ms for one in turns]), "ms"),
        Result(f"{name}: refused", sum(one.refused for one in turns), "deliveries"),
        Result(f"{name}: start", _median([one.start_s for one in turns]), "s"),
        Result(f"{name}: RSS after load", _median([one.rss_mb for one in turns]), "MB"),
        Result(f"{name}: PSS after load", _median([one.pss_mb for one in turns]), "MB"),
        *([] if measured.loss is None else _lost(name, measured.loss)),
    ]


def _lost(name: str, lost: Loss) -> list[Result]:
    goal, holds = ("<= 0", lost.lost <= 0) if name == OURS else ("", None)
    return [
        Result(f"{name}: acknowledged before SIGKILL", lost.acknowledged, "deliveries"),
        Result(f"{name}: of these lost", lost.lost, "deliveries", goal, holds),
    ]


def _compared(name: str, measured: Mapping[str, Measured], absent: Mapping[str, str]) -> Result:
    label, least = f"{OURS} beside {name}: acknowledged", AT_LEAST.get(name)
    goal = "" if least is None else f">= {least:g}"
    if name not in measured:
        return Result(label, f"not measured: {absent.get(name, 'see above')}", "times", goal)
    pairs = zip(measured[OURS].turns, measured[name].turns, strict=True)
    ratio = round(median(ours.requests_s / max(theirs.requests_s, 0.001) for ours, theirs in pairs), 2)
    return Result(label, ratio, "times", goal, None if least is None else ratio >= least)


def _median(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return round(median(there), 2) if there else None
