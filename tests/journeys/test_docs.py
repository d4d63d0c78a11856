"""Documentation as pull requests: asked for, kept up to date, left to people as soon as they touch it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from tests.fakes.github import Pull
from tests.fakes.models import ModelRequest, Reply
from tests.fakes.repository import GitRepository
from tests.journeys.asking import asked, introduce
from tests.journeys.stage import Stage
from tests.journeys.world import World
from tests.polling import until
from workers.storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOX = '"""Sizes of boxes."""\n\n\ndef area(side: float) -> float:\n    return side * side\n'
LID = '"""Lids."""\n\n\ndef fits(side: float) -> bool:\n    return side > 0\n'
SECRET = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
NAMED = re.compile(r"^name: (.+)$", re.MULTILINE)


def writer(request: ModelRequest) -> Reply:
    """A model that plans nothing, writes a text for whatever it is shown, and finds nothing wrong with it."""
    if 'Write "overview"' in request.text:
        sections = [{"name": name, "text": f"What {name} does."} for name in NAMED.findall(request.text)]
        return Reply(json.dumps({"overview": "Told by a model. @octo-org/all", "sections": sections}))
    if '"left_out"' in request.text:
        return Reply('{"pages": []}')
    return Reply('{"score": 0.9, "wrong": []}' if '"score"' in request.text else '{"findings": []}')


@pytest_asyncio.fixture(loop_scope="module")
async def boxes(stage: Stage, tmp_path: Path) -> AsyncIterator[World]:
    """A repository with two modules, and a draft of somebody's."""
    git = GitRepository.create(tmp_path)
    git.commit({"box.py": BOX, "lid.py": LID, ".github/quorum.yml": "write: {docs: {on_push: true}}\n"})
    git.branch("topic")
    git.commit({"README.md": "Boxes.\n"})
    git.checkout("main")
    async with stage.world(git) as world:
        introduce(world)
        world.models.default = writer
        yield world
        await settled(world)


async def settled(world: World) -> None:
    """Until nothing is left to be documented."""
    await world.github.delivered()
    database = Database.connect(world.stack.settings["QUORUM_DATABASE_URL"])
    statement = sa.text(
        "SELECT count(*) FROM work WHERE repo_id = :id AND pipeline = 'docs' AND wanted_gen > done_gen"
    )
    values = {"id": world.repository.id}

    async def done() -> bool:
        return not await database.read(lambda conn: conn.execute(statement, values).scalar_one())

    try:
        await until(done, 60.0)
    finally:
        await database.close()


def proposed(world: World) -> list[Pull]:
    """The pull requests of documentation, oldest first."""
    every = world.github.world.pulls.values()
    return [
        one for one in every if one.repository is world.repository and one.author is world.github.world.bot
    ]


def page(world: World, pull: Pull, path: str) -> str:
    """A file at a pull request's head; "" if there is none."""
    git = world.repository.git
    entry = git.entry(pull.head_sha, path)
    return git.blob(entry.sha).decode() if entry else ""


async def test_from_a_command_to_people_who_take_over(boxes: World) -> None:
    world, git = boxes, boxes.git
    draft = world.github.open_pull(world.repository, head="topic", draft=True)
    await world.reviewed(draft)
    found, [text] = await asked(world, draft, "/quorum docs")
    assert found == ["eyes", "rocket"]
    [pull] = proposed(world)
    assert f"#{pull.number}" in text
    assert text.count("new, written") == 2, text
    assert "What area does." in page(world, pull, "docs/box.md")
    assert "Signatures come from the code" in pull.body
    assert "Cost: " in pull.body
    assert "Quality: 90%" in pull.body
    assert "@octo-org" not in pull.body
    run = await world.reviewed(pull)
    assert "one of Quorum's own" in str(run.output)

    asked_before, head = len(world.models.requests), pull.head_sha
    found, [text] = await asked(world, draft, "/quorum docs")
    assert (found, text.startswith("Nothing to write")) == (["eyes", "rocket"], True), text
    assert (len(world.models.requests), pull.head_sha) == (asked_before, head), "nothing new costs nothing"

    git.checkout("main")
    world.github.push_branch(
        world.repository, "main", git.commit({"box.py": BOX + "\n\ndef volume(side: float) -> float: ...\n"})
    )
    await settled(world)
    assert proposed(world) == [pull]
    assert "What volume does." in page(world, pull, "docs/box.md")
    assert "What fits does." in page(world, pull, "docs/lid.md"), "the other page stays as it was"
    found, [text] = await asked(world, draft, "/quorum docs nowhere.py")
    assert "nowhere.py" in text

    git.git("fetch", "--quiet", str(world.repository.git.path), pull.head_sha)
    git.git("checkout", "--quiet", "--detach", pull.head_sha)
    theirs = git.commit({"docs/box.md": "# Better\n"})
    world.github.push_branch(world.repository, pull.head_ref, theirs)
    for _ in range(2):
        found, [text] = await asked(world, draft, "/quorum docs")
        assert "Nothing was written" in text
    assert pull.head_sha == theirs
    comments = [one["body"] for one in world.github.issue_comments(pull)]
    assert sum("leaves it alone" in one for one in comments) == 1


async def test_from_a_push_to_a_merge_and_to_a_refusal(boxes: World) -> None:
    world, git = boxes, boxes.git
    world.github.push_branch(
        world.repository, "main", git.commit({"box.py": BOX + f"\nTOKEN = '{SECRET}'\n"})
    )
    await settled(world)
    [pull] = proposed(world)
    assert SECRET not in page(world, pull, "docs/box.md") + world.models.sent
    world.github.push_branch(world.repository, "main", pull.head_sha)
    world.github.close(pull, merged=True)
    await settled(world)
    assert proposed(world) == [pull], "what was merged is documented"

    git.git("fetch", "--quiet", str(world.repository.git.path), pull.head_sha)
    git.git("checkout", "--quiet", "--detach", pull.head_sha)
    sha = git.commit({"lid.py": LID + "\n\ndef opened() -> bool: ...\n"})
    world.github.push_branch(world.repository, "main", sha)
    await settled(world)
    _, second = proposed(world)
    assert "What opened does." in page(world, second, "docs/lid.md")
    assert page(world, second, "docs/box.md") == page(world, pull, "docs/box.md")

    world.github.close(second)
    asked_before = len(world.models.requests)
    sha = git.commit({"lid.py": LID + "\n\ndef closed() -> bool: ...\n"})
    world.github.push_branch(world.repository, "main", sha)
    await settled(world)
    draft = world.github.open_pull(world.repository, head="topic", draft=True)
    await world.reviewed(draft)
    _, [text] = await asked(world, draft, "/quorum docs")
    assert f"#{second.number}" in text
    assert "Reopen" in text
    assert proposed(world) == [pull, second]
    assert len(world.models.requests) == asked_before, "closed means closed, and costs nothing"
