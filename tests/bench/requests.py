"""How many requests to GitHub a review and a command take, and what they are asked for."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.result import Result
from tests.databases import kill_valkey, start_valkey
from tests.demo import stand_in
from tests.fakes.github import Recorded
from tests.journeys.asking import asked, introduce
from tests.journeys.world import World, opened
from tests.sample import build

FIRST_MAX = 20
SETTLED_S = 1.0
PAPERS = {
    ".github/quorum.yml": "review:\n  inline_max: 20\n",
    "AGENTS.md": "# Agents\n\nMoney is counted in cents.\n",
    "CONTRIBUTING.md": "# Contributing\n\nEvery function has a docstring.\n",
}
SETTINGS = {"QUORUM_LEASE_S": "30"}


async def run(data: str | None) -> list[Result]:
    """The sample's ten files, in a repository without a paper and in one with three; both pushed to once.

    Real processes, SQLite and Valkey; GitHub and the model are fakes on loopback. Tokens of the same repository, and who
    the bot is, are known from a pull request before: what is counted is what the next one takes.
    """
    results: list[Result] = []
    for name, papers in (("no paper", {}), ("three papers", PAPERS)):
        for step, requests in (await _requests(papers)).items():
            print(f"{name}, {step}:", *(f"  {one.status} {_said(one)}" for one in requests), sep="\n")
            results += _judged(f"{name}, {step}", requests, goal=FIRST_MAX if step == "first review" else 0)
    return results


def _judged(name: str, requests: Sequence[Recorded], goal: int) -> list[Result]:
    missing = sum(one.status == 404 for one in requests)
    held = {"goal": f"<= {goal}", "holds": len(requests) <= goal} if goal else {}
    return [
        Result(name, len(requests), "requests", **held),  # type: ignore[arg-type]
        Result(f"{name}: of them for what is not there", missing, "requests"),
    ]


async def _requests(papers: dict[str, str]) -> dict[str, list[Recorded]]:
    valkey = start_valkey()
    try:
        with tempfile.TemporaryDirectory(prefix="quorum-requests-") as name:
            folder = Path(name)
            sample = build(folder / "git")
            if papers:
                sample.repository.commit(papers, "Say how we work")
            sample.repository.branch("earlier")
            sample.repository.commit({"shop/earlier.py": '"""Earlier."""\n'}, "Earlier")
            sample.repository.git("checkout", "--quiet", "export")
            sample.repository.git("rebase", "--quiet", "main")
            url = f"sqlite+aiosqlite:///{folder / 'quorum.db'}"
            async with opened(
                folder, sample.repository, database_url=url, redis_url=valkey.url, answer=stand_in.ANSWER,
                settings=SETTINGS,
            ) as world:  # fmt: skip
                introduce(world)
                return await _counted(world)
    finally:
        kill_valkey(valkey)


async def _counted(world: World) -> dict[str, list[Recorded]]:
    earlier = world.github.open_pull(world.repository, head="earlier", title="Earlier")
    await world.reviewed(earlier)
    counted: dict[str, list[Recorded]] = {"the very first": await _since(world, 0)}
    began = len(world.github.requests)
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    counted["first review"] = await _since(world, began)
    began = len(world.github.requests)
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/notes.py": '"""Notes."""\n\nLIMIT = 3\n'}))
    await world.reviewed(pull)
    counted["second push"] = await _since(world, began)
    began = len(world.github.requests)
    await asked(world, pull, "/quorum cost")
    counted["a command"] = await _since(world, began)
    return counted


async def _since(world: World, began: int) -> list[Recorded]:
    """The requests from `began` on, once the last of them is answered."""
    await asyncio.sleep(SETTLED_S)
    return list(world.github.requests[began:])


def _said(one: Recorded) -> str:
    query = (one.body or {}).get("query", "") if one.path.endswith("graphql") else ""
    return f"{one.method} {one.path} {' '.join(query.split())[:80]}"
