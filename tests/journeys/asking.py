"""People who give commands, and what they are answered."""

from __future__ import annotations

from typing import Any

from tests.fakes.github import Pull
from tests.journeys.modelling import Ledger
from tests.journeys.world import World

WRITER, READER = "hubot-fan", "passer-by"
ENDS = {"rocket", "confused"}


def introduce(world: World) -> None:
    """One who may write, and one who may only read."""
    for login, role in ((WRITER, "write"), (READER, "read")):
        world.github.world.user(login)
        world.repository.roles[login] = role


def reactions(world: World, comment_id: int) -> list[str]:
    """What was said about a comment without words, in order."""
    return [one.content for one in world.github.world.reactions if one.subject[1] == comment_id]


async def ended(world: World, comment_id: int, timeout_s: float = 60.0) -> list[str]:
    """The reactions to a comment once one of them ends it."""
    await world.wait(lambda: bool(ENDS & set(reactions(world, comment_id))), timeout_s)
    await world.github.delivered()
    return reactions(world, comment_id)


async def asked(
    world: World, pull: Pull, text: str, by: str = WRITER, *, timeout_s: float = 60.0
) -> tuple[list[str], list[str]]:
    """The reactions to a comment and the replies to it, once it is dealt with."""
    before = len(replies(world, pull))
    comment = world.github.comment(pull, by, text)
    found = await ended(world, comment.id, timeout_s)
    return found, [one["body"] for one in replies(world, pull)[before:]]


def replies(world: World, pull: Pull) -> list[dict[str, Any]]:
    """Our comments in the conversation that answer a command."""
    return [one for one in world.github.issue_comments(pull) if "quorum:v1 command" in one["body"]]


async def measured(world: World, pull: Pull, workflow: str) -> tuple[float | None, bool]:
    """Quality and validation in the first receipt of a workflow about a pull request."""
    ledger = Ledger(world.stack.settings["QUORUM_DATABASE_URL"])
    rows = [row for row in await ledger.receipts(pull.number) if row["workflow"] == workflow]
    return rows[0]["quality"], bool(rows[0]["validated"])
