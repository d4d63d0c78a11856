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
    world.models.default = {"findings": [stand_in.DISCOUNT]}


async def reviewed(world: World) -> Pull:
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    return pull


async def mended(world: World, pull: Pull) -> None:
    """A push that mends what the model found, and the review of it."""
    world.models.default = {"findings": []}
    orders = shown(world, "shop/orders.py")
    await pushed(world, pull, orders.replace("percent // 10\n", "percent // 100\n"))


async def broken(world: World, pull: Pull) -> None:
    """A push that brings it back."""
    world.models.default = {"findings": [stand_in.DISCOUNT]}
    orders = shown(world, "shop/orders.py")
    await pushed(world, pull, orders.replace("percent // 100\n", "percent // 10\n"))


async def pushed(world: World, pull: Pull, orders: str) -> None:
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/orders.py": orders}))
    await world.reviewed(pull)


def shown(world: World, path: str) -> str:
    return world.git.git("show", f"export:{path}").decode()


def thread(world: World, pull: Pull) -> dict[str, Any]:
    """The first comment of the thread about the wrong divisor."""
    return next(
        one for one in world.github.review_comments(pull) if stand_in.DISCOUNT["title"] in one["body"]
    )


def resolved(world: World, pull: Pull) -> bool:
    return thread(world, pull)["id"] in world.github.world.resolved


async def test_a_fix_closes_its_thread_until_it_comes_back_and_people_open_it_for_good(world: World) -> None:
    pull = await reviewed(world)
    before = thread(world, pull)["body"]
    await mended(world, pull)
    assert resolved(world, pull)
    body = thread(world, pull)["body"]
    assert body == f"{FIXED.format(pull.head_sha[:7])} <!-- quorum:v1 fate -->\n\n{before}"
    world.github.unresolve_thread(thread(world, pull)["id"], by=WRITER)
    await world.github.delivered()
    found, [text] = await asked(world, pull, "/quorum resolve")
    assert found == ["eyes", "rocket"]
    assert "1 (somebody opened it again)" in text
    await broken(world, pull)
    assert (resolved(world, pull), thread(world, pull)["body"]) == (False, before)


async def test_an_answer_that_is_owed_keeps_a_thread_open(world: World) -> None:
    pull = await reviewed(world)
    first = thread(world, pull)
    world.github.comment_on_review(pull, WRITER, "What if it is a gift card?", in_reply_to=first["id"])
    await mended(world, pull)
    assert not resolved(world, pull)
    assert thread(world, pull)["body"] == first["body"]
    _, [text] = await asked(world, pull, "/quorum resolve")
    assert "1 (somebody spoke last)" in text


async def test_a_dismissed_findings_thread_is_closed_by_whoever_dismisses_it(world: World) -> None:
    pull = await reviewed(world)
    first = thread(world, pull)
    comment = world.github.comment_on_review(
        pull, WRITER, "/quorum dismiss gift cards are paid in tenths", in_reply_to=first["id"]
    )
    assert await ended(world, comment.id) == ["eyes", "rocket"]
    assert resolved(world, pull)


async def test_without_the_permission_the_comment_says_it(world: World) -> None:
    world.github.world.installations[world.repository.installation_id or 0].permissions["contents"] = "read"
    pull = await reviewed(world)
    await mended(world, pull)
    assert not resolved(world, pull)
    assert thread(world, pull)["body"].startswith(FIXED.format(pull.head_sha[:7]))
    found, [text] = await asked(world, pull, "/quorum resolve")
    assert found == ["eyes", "rocket"]
    assert "contents: write" in text
