"""Descriptions of pull requests, as people meet them: next to their own words, never in the place of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.github import Pull
from tests.fakes.models import Answer, ModelRequest, Reply
from tests.journeys.asking import READER, WRITER, asked, introduce, measured, replies
from tests.journeys.world import NOTHING_FOUND, World
from workers.github.description import without_block

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHY = "Customers asked for an export.\r\n\r\nFixes #{issue}"
DIVISOR = "return order.total_cents * percent // 10"
SECOND = {"shop/notes.py": '"""Notes."""\n\nLIMIT = 3\n'}


@pytest.fixture(autouse=True)
def _introduced(world: World) -> None:
    introduce(world)
    world.models.default = says({"bullets": ["Orders can be exported."], "kinds": ["feature"]})


def says(described: dict[str, Any]) -> Any:
    """Reviews find nothing; a description says `described`."""

    def answer(request: ModelRequest) -> Answer:
        is_asked = "You describe a change" in request.text
        return Reply(json.dumps(described)) if is_asked else Reply(NOTHING_FOUND)

    return answer


def configured(world: World, mode: str) -> None:
    """`main` keeps descriptions in `mode`."""
    world.git.checkout("main")
    world.git.commit({".github/quorum.yml": f"write: {{description: {{mode: {mode}}}}}\n"})


def comments(world: World, pull: Pull) -> list[str]:
    bodies = [one["body"] for one in world.github.issue_comments(pull)]
    return [body for body in bodies if "quorum:v1 described " in body]


async def test_the_body_keeps_peoples_words_and_ours_follow_the_head(world: World) -> None:
    configured(world, "body")
    issue = world.github.open_issue(world.repository, "Export orders", "As CSV.")
    why = WHY.format(issue=issue.number)
    pull = world.github.open_pull(world.repository, head="export", title="Export orders", body=why)
    check = {
        "number": issue.number,
        "state": "met",
        "path": "shop/orders.py",
        "quote": DIVISOR,
        "why": "All.",
    }
    world.models.default = says({"bullets": ["Orders can be exported."], "issues": [check]})
    await world.wait(lambda: "Orders can be exported." in pull.body)
    assert pull.body.startswith(f"{why}\n\n<!-- quorum:v1 description ")
    assert f"`#{issue.number}` Export orders: **met**. All. ([`shop/orders.py:44`](" in pull.body
    assert "```mermaid\nflowchart LR\n" in pull.body
    await world.github.delivered()
    [question] = [one for one in world.models.requests if "You describe" in one.text]
    assert "As CSV." in question.text
    assert await measured(world, pull, "describe") == (1.0, True)

    runs, asked_before = len(world.check_runs(pull)), len(world.models.requests)
    world.github.edit_body(pull, pull.body.replace("Customers", "Many customers"))
    await world.github.delivered()
    world.models.default = says({"bullets": ["Notes have a limit."]})
    world.git.checkout("export")
    world.github.push(pull, world.git.commit(SECOND))
    await world.wait(lambda: "Notes have a limit." in pull.body)
    assert without_block(pull.body) == why.replace("Customers", "Many customers")
    assert "Orders can be exported." not in pull.body
    assert len(world.check_runs(pull)) == runs, "another body is no reason to review"
    later = world.models.requests[asked_before:]
    assert [one for one in later if "Orders can be exported." in one.text] == []

    world.github.edit_body(pull, pull.body.replace("Notes have a limit.", "I would put it otherwise."))
    mine = pull.body
    found, _ = await asked(world, pull, "/quorum describe")
    assert found == ["eyes", "rocket"]
    await world.wait(lambda: bool(replies(world, pull)))  # it follows the reaction
    [reply] = [one["body"] for one in replies(world, pull)]
    assert "because somebody edited our block in the body" in reply
    assert pull.body == mine
    [comment] = comments(world, pull)
    assert comment.startswith("Written here, not into the body, because somebody edited")
    assert "Notes have a limit." in comment


async def test_who_asks_gets_one_comment_that_is_edited_in_place(world: World) -> None:
    pull = world.github.open_pull(world.repository, head="export", title="Export orders", body="Why.")
    await world.reviewed(pull)
    assert (await asked(world, pull, "/quorum describe", READER))[0] == ["confused"]
    assert comments(world, pull) == []
    assert (await asked(world, pull, "/quorum describe"))[0] == ["eyes", "rocket"]
    [first] = comments(world, pull)
    assert "Orders can be exported." in first
    assert "<summary>10 files" in first
    world.models.default = says({"bullets": ["Notes have a limit."]})
    world.git.checkout("export")
    world.github.push(pull, world.git.commit(SECOND))
    await world.reviewed(pull)
    assert comments(world, pull) == [first], "nobody asked for another"
    assert await asked(world, pull, "/quorum describe", WRITER) == (["eyes", "rocket"], [])
    [second] = comments(world, pull)
    assert "Notes have a limit." in second
    assert pull.body == "Why."
