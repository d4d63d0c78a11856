"""`make hosts`: a host is cut off in the middle of its work and comes back; what was true when it was over."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.hosts_arena import Hosted, hosted
from tests.chaos.hosts_net import NETWORKS, NoHostsError
from tests.chaos.truth import Promise, promises, settled

CUTS: dict[str, tuple[str, ...]] = {"the host": NETWORKS, "its database and Valkey": ("private",)}
"""What is cut off; in the second case GitHub and the models stay in its reach."""
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
    near_writes: int


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
        for network in cut:
            place.far.plug(network)
        plugged_at = time.time()
        await opening
        calm_after_s = await _calm_s(place)
        back_after_s = await _alone_s(place)
        await arena.github.delivered()
        late = _writes(place, cut_at + place.lease_s, plugged_at, far=True)
        fenced = Promise("nothing is written by whom nobody hears", len(late), len(late), str(late[:3] or ""))
        judged = [*await promises(arena), fenced]
        if calm_after_s is None or back_after_s is None or any(one.broken for one in judged):
            _keep_logs(place, f"chaos-hosts-{len(cut)}-{plan.seed}.log")
        near = _writes(place, cut_at + place.lease_s, plugged_at, far=False)
        return Survived(judged, calm_after_s, back_after_s, len(near))


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


def _keep_logs(place: Hosted, kept: str) -> None:
    """What the processes said, for whoever looks for the reason."""
    with open(kept, "w", encoding="utf-8") as out:
        for log in sorted(place.arena.folder.glob("*.log")):
            out.write(f"===== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')}\n")
    print(f"  the processes' logs are in {kept}", flush=True)


def table(cut: str, plan: Plan, survived: Survived) -> str:
    """Every promise with how often it was broken."""
    calm = (
        "never"
        if survived.calm_after_s is None
        else f"{survived.calm_after_s:.0f} s after the last was opened"
    )
    back = "never" if survived.back_after_s is None else f"in {survived.back_after_s:.0f} s"
    lines = [
        f"{cut} cut off for {plan.cut_s:g} s, {plan.pulls} pull requests: all was done {calm}; "
        f"{ALONE_PULLS} more, by it alone, {back}; {survived.near_writes} writes by the other host meanwhile"
    ]
    width = max(len(one.name) for one in survived.promises)
    for one in survived.promises:
        held = "holds" if not one.broken else f"BROKEN {one.broken} of {one.of}"
        lines.append(f"  {one.name:<{width}}  {held}  {one.detail}".rstrip())
    return "\n".join(lines)


def main() -> int:
    """Cut a host off in each way; 1 when a promise was broken, 0 with a word where there can be no hosts."""
    parser = argparse.ArgumentParser(prog="make hosts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pulls", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0, help="that the host is cut off")
    asked = parser.parse_args()
    plan, broken = Plan(asked.seed, asked.pulls, asked.seconds), 0
    for name, cut in CUTS.items():
        try:
            survived = asyncio.run(survive(plan, cut))
        except NoHostsError as refused:
            print(f"skipped: no hosts can be made here: {refused}")
            return 0
        print(table(name, plan, survived), flush=True)
        broken += sum(one.broken for one in survived.promises)
        broken += (survived.calm_after_s is None) + (survived.back_after_s is None)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
