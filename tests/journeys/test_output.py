"""What a review does beside its comments, where the repository wants it: labels, requests for changes."""

from __future__ import annotations

import pytest

from tests.demo import stand_in
from tests.fakes.github import Pull
from tests.journeys.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

WANTED = "review:\n  output: {labels: true, request_changes: true}\n"


def _propose(world: World, files: dict[str, str]) -> Pull:
    """A pull request from a base that wants everything."""
    world.git.checkout("main")
    world.git.commit({".github/quorum.yml": WANTED}, "Want labels")
    world.git.branch("wanted")
    return world.github.open_pull(world.repository, head=world.git.commit(files), title="Note something")


def _states(world: World, pull: Pull) -> list[str]:
    return [one["state"] for one in world.github.reviews(pull)]


async def test_blocking_then_fixed(world: World) -> None:
    """Changes are requested once and the request is taken back; labels follow; nobody's own label is touched."""
    orders = world.git.git("show", "export:shop/orders.py").decode()
    world.models.default = {"findings": [stand_in.DISCOUNT]}
    pull = _propose(world, {"shop/orders.py": orders})
    world.github.label(pull, "bug")
    await world.reviewed(pull)
    assert (_states(world, pull), pull.labels) == (["CHANGES_REQUESTED"], ("bug", "quorum: blocking"))
    world.models.default = {"findings": []}
    mended = orders.replace("percent // 10", "percent // 100")
    world.github.push(pull, world.git.commit({"shop/orders.py": mended}))
    await world.reviewed(pull)
    assert (_states(world, pull), pull.labels) == (["DISMISSED"], ("bug", "quorum: findings"))
    assert "APPROVE" not in str([one.body for one in world.github.requests])
