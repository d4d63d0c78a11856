"""Which model answers a review, over which wire, what it costs, and who comes next when it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.databases import Valkey
from tests.fakes.github import Pull
from tests.fakes.models import Reply, Tokens
from tests.journeys.modelling import STRONG, WIRES, Entry, Fleet, Ledger, fleet
from tests.journeys.shared_world import Services, commit_on, propose, shared
from tests.journeys.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = '"""Prices."""\n\n\ndef gross(net, rate):\n    """With tax."""\n    return net + net * rate\n'


@dataclass(frozen=True)
class Scene:
    """A running Quorum whose operator has configured all four wires."""

    world: World
    fleet: Fleet
    ledger: Ledger

    def base(self, name: str, orchestration: str) -> str:
        """The commit of a base branch with this configuration."""
        text = f"orchestration: {orchestration}\n"
        return commit_on(self.world, f"base-{name}", {".github/quorum.yml": text})

    async def reviewed(self, name: str, orchestration: str, path: str = "shop/tax.py", **how: Any) -> Pull:
        """A pull request with one file, reviewed under this configuration."""
        self.base(name, orchestration)
        pull = propose(self.world, name, {path: PRICES}, base=f"base-{name}", **how)
        await self.world.reviewed(pull)
        return pull


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("models")
    async with fleet() as found:
        services = Services(sqlite_template, valkey_server.url)
        async with shared(folder, services, answer=None, settings=found.settings(folder)) as world:
            yield Scene(world, found, Ledger(world.stack.settings["QUORUM_DATABASE_URL"]))


@pytest.mark.parametrize("entry", WIRES, ids=lambda one: one.provider)
async def test_a_review_is_answered_over_each_wire_and_booked(scene: Scene, entry: Entry) -> None:
    """Tokens as the provider counted them, whole micro-dollars at the model's price, and why it was this model."""
    scene.fleet.answers[entry.name] = Reply('{"findings": []}', tokens=Tokens(1_000, 100))
    pull = await scene.reviewed(entry.provider, f"{{executors: [{{model: {entry.name}}}]}}")
    [row] = await scene.ledger.calls(pull.number)
    assert (row["provider"], row["model"], row["outcome"]) == (entry.provider, entry.name, "ok")
    assert (row["calls"], row["input_tokens"], row["output_tokens"]) == (1, 1_000, 100)
    assert row["cost_micros"] == entry.micros(1_000, 100)
    assert row["reason"].startswith(f"{entry.name} answers review (")
    assert "the repository's choice" in row["reason"]
    [receipt] = await scene.ledger.receipts(pull.number)
    assert (receipt["workflow"], receipt["calls"], receipt["quality"], receipt["validated"]) == (
        "review",
        1,
        1.0,
        1,
    )
    assert receipt["cost_micros"] == row["cost_micros"]
    assert (receipt["premium_model"], receipt["premium_micros"]) == (STRONG.name, STRONG.micros(1_000, 100))
