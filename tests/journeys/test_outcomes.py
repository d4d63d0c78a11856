"""What people do with a finding is heard: it is not said again, the summary says who said no, models learn of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.demo import stand_in
from tests.journeys.asking import READER, WRITER, introduce
from tests.journeys.world import MODEL, World
from tests.polling import until
from workers.storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNLIKED = {**stand_in.DISCOUNT, "suggestion": None}
MINE = "Discounts come out ten times too high"
LEARNED = sa.text("SELECT weight, mean FROM profile WHERE model = :model AND measure = 'outcome'")


async def test_a_finding_that_people_decline_is_heard_of_no_more_and_counts_against_its_model(
    world: World,
) -> None:
    introduce(world)
    world.models.default = {"findings": [UNLIKED]}
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    [comment] = [one for one in world.github.review_comments(pull) if MINE in one["body"]]
    world.github.react(comment["id"], "+1", READER)
    world.github.react(comment["id"], "-1", WRITER)
    world.github.comment_on_review(pull, WRITER, "It is per mille here.", in_reply_to=comment["id"])
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/notes.py": '"""Notes."""\n\nLIMIT = 3\n'}))
    await world.reviewed(pull)
    said = world.github.issue_comments(pull)[-1]["body"]
    assert f'**1** declined by {WRITER} ("It is per mille here.")' in said
    assert MINE not in said
    assert sum(MINE in one["body"] for one in world.github.review_comments(pull)) == 1

    world.github.close(pull, merged=True)
    assert await _learned(world) == [(1.0, 0.0)]


async def _learned(world: World) -> list[Any]:
    """What was learned of the model once anything was."""
    database = Database.connect(world.stack.settings["QUORUM_DATABASE_URL"])
    found: list[Any] = []

    async def any_() -> bool:
        rows = await database.read(lambda conn: conn.execute(LEARNED, {"model": MODEL}).all())
        found[:] = [tuple(row) for row in rows]
        return bool(found)

    try:
        await until(any_, 30.0)
    finally:
        await database.close()
    return found
