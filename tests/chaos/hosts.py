"""`make hosts`: a host is cut off in the middle of its work and comes back; what was true when it was over."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.hosts_arena import Hosted, hosted
from tests.chaos.hosts_net import NETWORKS, NoHostsError
from tests.chaos.logs import keep_logs
from tests.chaos.rows import Row, Verdict, holds, told
from tests.chaos.truth import Promise, promises, settled, unwritten

CUTS: dict[str, tuple[str, ...]] = {"all": NETWORKS, "stores": ("private",)}
"""What it is cut off from; database and Valkey are the stores: GitHub and the models stay in its reach then."""
FENCED, ALONE = "nothing is written by whom nobody hears", "the host that was cut off works again, alone"
CALM_S_MAX = 300.0
ALONE_PULLS = 4
WRITES = ("POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True, slots=True)
class Plan:
    """`pulls` are opened evenly over twice `cut_s`; the cut is in the middle."""

    seed: int
    pulls: int
    cut_s: float


@dataclass(frozen=True, slots=True)
class Survived:
    """What a cut came to."""

    promises: Sequence[Promise]
    calm_after_s: float | None
    back_after_s: float | None
    logs: str = ""


async def survive(plan: Plan, cut: Sequence[str]) -> Survived:
    """Pull requests are opened; the far host loses `cut` and gets it back; the truth is looked at."""
    async with hosted(plan.seed) as place:
        arena = place.arena
        opening = asyncio.create_task(_open(place, plan))
        await asyncio.sleep(plan.cut_s / 2)
        arena.in_flight_lost += arena.models.in_flight
        for network in cut:
            place.far.pull(network)
        cut_at = time.time()
        await asyncio.sleep(plan.cut_s)
        arena.in_flight_lost = max(arena.in_flight_lost, await unwritten(arena))
        for network in cut:
            place.far.plug(network)
        plugged_at = time.time()
        await opening
        calm_after_s = await _calm_s(place)
        back_after_s = await _alone_s(place)
        await arena.github.delivered()
        late = _writes(place, cut_at + place.lease_s, plugged_at, far=True)
        near = _writes(place, cut_at + place.lease_s, plugged_at, far=False)
        fenced = Promise(FENCED, len(late), len(late) + len(near), str(late[:3] or ""))
        judged = [*await promises(arena), fenced]
        broken = calm_after_s is None or back_after_s is None or any(one.broken for one in judged)
        logs = keep_logs(arena.folder, f"chaos-hosts-{'-'.join(cut)}-{plan.seed}.log") if broken else ""
        return Survived(judged, calm_after_s, back_after_s, logs)


async def _open(place: Hosted, plan: Plan) -> None:
    for _ in range(plan.pulls):
        place.arena.open_pull()
        await asyncio.sleep(plan.cut_s * 2 / plan.pulls)


async def _calm_s(place: Hosted) -> float | None:
    with contextlib.suppress(TimeoutError):
        return await settled(place.arena, CALM_S_MAX)
    return None


async def _alone_s(place: Hosted) -> float | None:
    """Seconds until the far worker has reviewed what is opened when it is the only one; None when it never did."""
    near = place.arena.workers[0]
    near.signal(signal.SIGTERM)
    await near.wait()
    for _ in range(ALONE_PULLS):
        place.arena.open_pull()
    return await _calm_s(place)


def _writes(place: Hosted, since: float, until_s: float, *, far: bool) -> list[str]:
    """What was asked of GitHub that changes something, between two moments."""
    return [
        f"{one.method} {one.path}"
        for one in place.arena.github.requests
        if one.method in WRITES
        and not one.path.endswith(("/access_tokens", "/graphql"))
        and since < one.at < until_s
        and (one.headers.get("host") == place.far_github) is far
    ]


def rows(survived: Survived) -> Iterator[Row]:
    """Every promise."""
    logs = f"logs: {survived.logs}" if survived.logs else ""
    ends = {"all is done when the cut is over": survived.calm_after_s, ALONE: survived.back_after_s}
    for name, after_s in ends.items():
        said = "never" if after_s is None else f"in {after_s:.0f} s"
        yield Row(name, holds(after_s is not None), said, logs if after_s is None else "")
    for one in survived.promises:
        yield Row(
            one.name,
            holds(not one.broken),
            one.measured,
            f"{one.detail} {logs if one.broken else ''}".strip(),
        )


def main() -> int:
    """Cut a host off in one way, and say the rows; skipped where there can be no hosts."""
    parser = argparse.ArgumentParser(prog=__spec__.name)
    parser.add_argument("--cut", choices=list(CUTS), required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--pulls", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="that the host is cut off")
    asked = parser.parse_args()
    plan = Plan(asked.seed, asked.pulls, asked.seconds)
    try:
        said = list(rows(asyncio.run(survive(plan, CUTS[asked.cut]))))
    except NoHostsError as refused:
        said = [Row("a host is cut off", Verdict.SKIPPED, "", f"no hosts can be made here: {refused}")]
    print(told(said), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
