"""Threads of ours: closed when their findings are gone, and never over the head of a person who speaks in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo import stand_in
from tests.fakes.github import Pull
from tests.journeys.asking import WRITER, asked, ended, introduce
from tests.journeys.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIXED = "✅ **Fixed** in `{}`."


@pytest.fixture(autouse=True)
def _introduced(world: World) -> None:
    introduce(world)
    world.models.default = {"findings": [stand_in.DISCOUNT, stand_in.INJECTION]}


async def reviewed(world: World) -> Pull:
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    return pull


async def mended(world: World, pull: Pull) -> None:
    """A push that mends what the model found, and the review of it."""
    world.models.default = {"findings": []}
    mends = {
        "shop/orders.py": ("percent // 10\n", "percent // 100\n"),
        "shop/database.py": ("f\"SELECT * FROM orders WHERE email = '{email}' ORDER BY id\"", '"SELECT 1"'),
    }
    world.git.checkout("export")
    shown = {path: world.git.git("show", f"export:{path}").decode() for path in mends}
    world.github.push(
        pull, world.git.commit({path: shown[path].replace(*mend) for path, mend in mends.items()})
    )
    await world.reviewed(pull)


def thread(world: World, pull: Pull, finding: dict[str, Any]) -> dict[str, Any]:
    """The first comment of the thread about `finding`."""
    return next(one for one in world.github.review_comments(pull) if finding["title"] in one["body"])


def resolved(world: World, comment: dict[str, Any]) -> bool:
    return comment["id"] in world.github.world.resolved


async def test_a_fix_closes_its_thread_where_nobody_waits_for_an_answer(world: World) -> None:
    pull = await reviewed(world)
    divisor, injection = thread(world, pull, stand_in.DISCOUNT), thread(world, pull, stand_in.INJECTION)
    world.github.comment_on_review(pull, WRITER, "Who would do that?", in_reply_to=injection["id"])
    await mended(world, pull)
    assert (resolved(world, divisor), resolved(world, injection)) == (True, False)
    line = f"{FIXED.format(pull.head_sha[:7])} <!-- quorum:v1 fate -->"
    assert thread(world, pull, stand_in.DISCOUNT)["body"] == f"{line}\n\n{divisor['body']}"
    assert thread(world, pull, stand_in.INJECTION)["body"] == injection["body"]

    world.github.unresolve_thread(divisor["id"], by=WRITER)
    await world.github.delivered()
    found, [text] = await asked(world, pull, "/quorum resolve")
    assert found == ["eyes", "rocket"]
    assert "1 (somebody spoke last)" in text
    assert "1 (somebody opened it again)" in text

    dismissal = world.github.comment_on_review(
        pull, WRITER, "/quorum dismiss nobody would", in_reply_to=injection["id"]
    )
    assert await ended(world, dismissal.id) == ["eyes", "rocket"]
    assert (resolved(world, divisor), resolved(world, injection)) == (False, True)


async def test_without_the_permission_the_comment_says_it(world: World) -> None:
    world.github.world.installations[world.repository.installation_id or 0].permissions["contents"] = "read"
    pull = await reviewed(world)
    await mended(world, pull)
    divisor = thread(world, pull, stand_in.DISCOUNT)
    assert not resolved(world, divisor)
    assert divisor["body"].startswith(FIXED.format(pull.head_sha[:7]))
    found, [text] = await asked(world, pull, "/quorum resolve")
    assert found == ["eyes", "rocket"]
    assert "contents: write" in text
