"""A second push to a pull request: what was said stays said once, and what was fixed is known to be."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.demo import stand_in
from tests.fakes.github.values import CheckRun, Pull
from tests.journeys.world import World
from workers.storage.database import Database

STRANGER = "mona"
"""She opened the pull request and may write nothing."""

pytestmark = pytest.mark.asyncio(loop_scope="module")

REWORDED = {
    **stand_in.DISCOUNT,
    "title": "Customers hardly pay anything",
    "description": "The divisor is off by a factor.",
    "rule": "arithmetic",
}
NIT = {
    **stand_in.DISCOUNT,
    "severity": "medium",
    "quote": "def discount_cents(",
    "title": "This could have a docstring",
    "description": "Readers would like one.",
    "rule": "naming",
    "suggestion": None,
}


async def test_a_push_elsewhere_brings_neither_other_words_nor_trifles(world: World) -> None:
    """Nor does what strangers do meanwhile with our marks, our threads and our words."""
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    copies = _tamper(world, pull)
    before = world.github.review_comments(pull)
    world.models.default = {"findings": [REWORDED, NIT]}
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/notes.py": '"""Notes."""\n\nLIMIT = 3\n'}))
    await world.reviewed(pull)
    after = world.github.review_comments(pull)[len(before) :]
    assert [one["body"] for one in after if one["path"] == "shop/orders.py"] == []
    assert await _fates(world) == {"open"}
    ours, *_ = world.github.issue_comments(pull)
    assert f"reviewed {pull.head_sha[:7]}" in ours["body"].replace("`", "")
    assert stand_in.DISCOUNT["title"] in ours["body"]
    assert _of_stranger(world, pull) == copies


async def test_another_base_in_the_middle_makes_outdated_what_it_holds_and_back_says_nothing_twice(
    world: World,
) -> None:
    world.models.default = {"findings": [stand_in.DISCOUNT]}
    world.git.branch("noted", "export")
    world.git.commit({"shop/notes.py": '"""Notes."""\n\nLIMIT = 3\n'})
    pull = world.github.open_pull(world.repository, head="noted", title="Export orders")
    await world.reviewed(pull)
    said = _said_of_orders(world, pull)
    world.github.retarget(pull, "export")
    await world.wait(lambda: len(_completed(world, pull)) == 2)
    assert await _fates(world) == {"outdated"}
    world.github.retarget(pull, "main")
    await world.wait(lambda: len(_completed(world, pull)) == 3)
    assert await _fates(world) == {"open"}
    assert _said_of_orders(world, pull) == said


def _tamper(world: World, pull: Pull) -> list[str]:
    """Copies of all our words in a stranger's name, our threads resolved, one of our words changed; the copies."""
    for one in world.github.review_comments(pull):
        world.github.comment_on_review(pull, STRANGER, one["body"], path=one["path"])
    world.github.comment(pull, STRANGER, world.github.issue_comments(pull)[0]["body"])
    ours = [one for one in world.github.review_comments(pull) if one["user"]["login"] != STRANGER]
    for one in ours:
        world.github.resolve_thread(one["id"], by=STRANGER)
        mark = one["body"].split("\n")[-1]
        world.github.edit_review_comment(one["id"], f"Nothing to see here.\n{mark}")
    return _of_stranger(world, pull)


def _of_stranger(world: World, pull: Pull) -> list[str]:
    texts = (*world.github.issue_comments(pull), *world.github.review_comments(pull))
    return [one["body"] for one in texts if one["user"]["login"] == STRANGER]


def _completed(world: World, pull: Pull) -> list[CheckRun]:
    return [run for run in world.check_runs(pull) if run.status == "completed"]


async def test_a_fix_is_remembered(world: World) -> None:
    world.models.default = {"findings": [stand_in.DISCOUNT]}
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    world.models.default = {"findings": []}
    world.git.checkout("export")
    orders = world.git.git("show", "export:shop/orders.py").decode()
    mended = orders.replace("percent // 10", "percent // 100")
    world.github.push(pull, world.git.commit({"shop/orders.py": mended}))
    await world.reviewed(pull)
    assert "fixed" in await _fates(world)
    said = world.github.issue_comments(pull)[-1]["body"]
    assert "Since the last round: **1** fixed" in said
    assert "Fixed: 1 finding" in said


async def test_closed_reopened_and_a_draft_for_a_while_it_hears_nothing_twice(world: World) -> None:
    world.models.default = {"findings": [stand_in.DISCOUNT]}
    pull = world.github.open_pull(world.repository, head="export", title="Export orders")
    await world.reviewed(pull)
    said = _said_of_orders(world, pull)
    world.models.default = {"findings": [REWORDED, NIT]}
    world.github.close(pull)
    world.github.reopen(pull)
    pull.draft = True
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/notes.py": '"""Notes."""\n\nLIMIT = 4\n'}))
    await world.reviewed(pull)
    asked = len(world.models.requests)
    world.github.ready(pull)
    await world.wait(lambda: len(world.models.requests) > asked and _is_over(world, pull))
    assert _said_of_orders(world, pull) == said
    assert await _fates(world) == {"open"}


def _is_over(world: World, pull: Pull) -> bool:
    return all(run.status == "completed" for run in world.check_runs(pull))


def _said_of_orders(world: World, pull: Pull) -> list[str]:
    return [one["body"] for one in world.github.review_comments(pull) if one["path"] == "shop/orders.py"]


async def _fates(world: World) -> set[str]:
    database = Database.connect(world.stack.settings["QUORUM_DATABASE_URL"])
    statement = sa.text(
        "SELECT DISTINCT fate FROM finding WHERE repo_id = :repo_id AND rule = 'model/wrong-divisor'"
    )
    values = {"repo_id": world.repository.id}
    rows = await database.read(lambda conn: conn.execute(statement, values).all())
    await database.close()
    return {row.fate for row in rows}
