"""Documentation and audits of odd repositories, by command: large, forked, archived and empty ones."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from tests.fakes.github import Happening, Pull
from tests.fakes.github.values import IssueComment
from tests.fakes.models import Answer, ModelRequest, Silence
from tests.fakes.repository import Content, GitRepository
from tests.journeys.asking import WRITER, asked, ended, introduce, reactions, replies
from tests.journeys.shared_world import Services
from tests.journeys.stage import Stage, staged
from tests.journeys.test_audit import specialist
from tests.journeys.test_docs import BOX, LID, page, proposed, settled, writer
from tests.journeys.world import World
from tests.polling import until
from workers.github.replies import PROGRESS
from workers.jobs.showing import EDITS_MAX
from workers.storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODULES = 300
ON_PUSH = "write: {docs: {on_push: true}}\n"
BUDGET = "orchestration: {cost_tracking: {per_run_usd: 0.006}}\n"
"""Enough for some of the pages of one run."""
PRICED = {
    "QUORUM_MODEL_INPUT_USD_PER_MILLION": "0.1",
    "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "0.4",
    "QUORUM_PROGRESS_AFTER_S": "0.3",
    "QUORUM_PROGRESS_INTERVAL_S": "1",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory, services: Services) -> AsyncIterator[Stage]:
    """A running Quorum whose model has a price, and that soon says how far it is."""
    folder = tmp_path_factory.mktemp("odd")
    stores = {"QUORUM_DATABASE_URL": services.database(folder), "QUORUM_REDIS_URL": services.valkey_url}
    async with staged(folder, {**stores, **PRICED}, writer) as stage:
        yield stage


@contextlib.asynccontextmanager
async def opened(stage: Stage, folder: Path, files: dict[str, Content]) -> AsyncIterator[World]:
    """A repository of these files, its branch "topic", and people who may command."""
    git = GitRepository.create(folder)
    git.commit(files)
    git.branch("topic")
    git.commit({"README.md": "Boxes.\n"})
    git.checkout("main")
    async with stage.world(git) as world:
        introduce(world)
        yield world
        await settled(world)


async def draft(world: World, *, fork: bool = False) -> Pull:
    """Somebody's pull request, where commands are given."""
    pull = world.github.open_pull(world.repository, head="topic", draft=True, fork=fork)
    await world.reviewed(pull)
    return pull


def heard(world: World) -> list[tuple[int, str]]:
    """Fills with each text that we give a comment of a conversation, and the comment's id."""
    texts: list[tuple[int, str]] = []

    def listen(event: Happening) -> None:
        comment = event.subject
        if isinstance(comment, IssueComment) and comment.user is world.github.world.bot:
            texts.append((comment.id, comment.body))

    world.github.on_event(listen)
    return texts


async def fate(world: World, comment_id: int) -> str:
    """What became of a command, once it has ended."""
    database = Database.connect(world.stack.settings["QUORUM_DATABASE_URL"])
    statement = sa.text("SELECT progress FROM command WHERE source_id = :id AND ended_at IS NOT NULL")
    found: list[str] = []

    async def over() -> bool:
        found[:] = await database.read(
            lambda conn: [str(row[0]) for row in conn.execute(statement, {"id": comment_id})]
        )
        return bool(found)

    try:
        await until(over, 60.0)
    finally:
        await database.close()
    return found[0]


def empty(world: World, then: Callable[[], None]) -> None:
    """Take every branch away right after `then`, before anybody is at work."""
    then()
    git = world.repository.git
    for ref in git.refs("refs/heads"):
        git.text("update-ref", "-d", ref)


def slow(answer: Callable[[ModelRequest], Answer]) -> Callable[[ModelRequest], Answer]:
    """The same answers, later than work may be silent."""
    return lambda request: Silence(0.6, answer(request))


def planning_slowly(request: ModelRequest) -> Answer:
    """The same, but for the plan of each round."""
    return Silence(0.4, writer(request)) if '"left_out"' in request.text else writer(request)


async def test_three_hundred_modules_come_in_portions_under_a_budget_and_say_how_far_they_are(
    stage: Stage, tmp_path: Path
) -> None:
    code: dict[str, Content] = {
        f"src/m{one:03}.py": BOX.replace("area", f"area_{one}") for one in range(MODULES)
    }
    async with opened(stage, tmp_path, {**code, ".github/quorum.yml": BUDGET}) as world:
        pull = await draft(world)
        texts = heard(world)
        world.models.default = planning_slowly
        found, [text] = await asked(world, pull, "/quorum docs")
        [made] = proposed(world)
        first, *between, last = texts
        assert found == ["eyes", "rocket"]
        assert {one for one, _ in texts} == {first[0]}, "one comment, from the start to the answer"
        shown = " ".join(body for _, body in between)
        assert "300 modules read, " in shown
        assert "0 of 50 pages done, 250 more wait for another run, $0.0" in shown
        assert " of $0.0060." in shown
        assert len(between) <= EDITS_MAX, "few edits"
        assert (last[1], "modules read" in text) == (text, False)
        assert f"#{made.number}" in text
        assert "250 modules wait for the next run" in text
        assert "no answer (budget)" in text, text
        assert (text.count("new, written") > 0, text.count("from the code alone") > 0) == (True, True)
        assert "Cost: $0.0" in text
        assert page(world, made, "docs/src/m049.md")

        head, world.models.default = made.head_sha, writer
        found, [text] = await asked(world, pull, "/quorum docs")
        assert (found, proposed(world)) == (["eyes", "rocket"], [made])
        assert made.head_sha != head
        made_now = [bool(page(world, made, f"docs/src/m{one:03}.md")) for one in (49, 50, 99, 100)]
        assert made_now == [True, True, True, False], "it goes on where it has ended"


async def test_of_a_fork_the_base_is_documented_and_nothing_is_pushed_there(
    stage: Stage, tmp_path: Path
) -> None:
    async with opened(stage, tmp_path, {"box.py": BOX}) as world:
        pull = await draft(world, fork=True)
        found, [text] = await asked(world, pull, "/quorum docs box.py")
        [made] = proposed(world)
        assert (found, made.base_ref, made.head_repository) == (["eyes", "rocket"], "main", world.repository)
        assert f"#{made.number}" in text
        assert pull.head_repository is not None
        fork = f"/repos/{pull.head_repository.full_name}/"
        assert not any(one.path.startswith(fork) for one in world.github.requests), "the App is not there"


async def test_what_is_archived_meanwhile_is_left_alone_and_served_again_once_it_is_not(
    stage: Stage, tmp_path: Path
) -> None:
    async with opened(stage, tmp_path, {"box.py": BOX}) as world:
        pull = await draft(world)

        def archiving(request: ModelRequest) -> Answer:
            world.repository.archived = True
            return writer(request)

        world.models.default = archiving
        comment = world.github.comment(pull, WRITER, "/quorum docs")
        await world.wait(lambda: world.repository.archived)
        assert await fate(world, comment.id) == "refused"
        answers = [one for one in replies(world, pull) if PROGRESS not in one["body"]]
        assert (proposed(world), answers) == ([], [])
        assert reactions(world, comment.id) == ["eyes"], "GitHub takes nothing there, not even a reaction"

        world.repository.archived, world.models.default = False, writer
        found, [text] = await asked(world, pull, "/quorum docs")
        [made] = proposed(world)
        assert (found, f"#{made.number}" in text) == (["eyes", "rocket"], True)


async def test_an_emptied_repository_is_told_apart_and_a_push_to_it_ends_quietly(
    stage: Stage, tmp_path: Path
) -> None:
    async with opened(stage, tmp_path, {"box.py": BOX, ".github/quorum.yml": ON_PUSH}) as world:
        pull = await draft(world)
        sha = world.git.commit({"box.py": BOX + "\n\nSIDES = 4\n"})
        empty(world, then=lambda: world.github.push_branch(world.repository, "main", sha))
        await settled(world)
        assert proposed(world) == []
        for command in ("docs", "tests"):
            found, [text] = await asked(world, pull, f"/quorum {command}")
            assert found == ["eyes", "confused"]
            assert text.startswith("This repository is empty"), text
        assert world.models.requests == [], "and nobody is paid"


@pytest.mark.parametrize("command", ["audit", "tests"])
async def test_what_takes_long_says_how_far_it_is_where_the_answer_will_stand(
    stage: Stage, tmp_path: Path, command: str
) -> None:
    files: dict[str, Content] = {"box.py": BOX, "pytest.ini": "[pytest]\n"}
    async with opened(stage, tmp_path, files) as world:
        pull, texts = await draft(world), heard(world)
        world.models.default = slow(specialist if command == "audit" else writer)
        began_at = time.monotonic()
        comment = world.github.comment(pull, WRITER, f"/quorum {command} {'box.py' * (command == 'tests')}")
        assert await ended(world, comment.id) == ["eyes", "rocket"]
        (first_id, first), *_, (last_id, last) = texts
        assert first.startswith(f"`{command}` at 2")
        assert (last_id, first_id) == (first_id, last_id), "one comment"
        assert "This comment becomes the answer." not in last
        assert ("Code quality" if command == "audit" else "box.py") in last
        assert len(texts) <= 3 + time.monotonic() - began_at, "at most one edit a second"
        if command == "audit":
            found, [text] = await asked(world, pull, "/quorum audit")
            assert found == ["eyes", "rocket"]
            assert text.startswith("The audit is [here]("), text
            assert f"#issuecomment-{first_id})" in text, "the audit of a head stays where it was"


async def test_a_second_command_meanwhile_goes_on_in_the_comment_of_the_first(
    stage: Stage, tmp_path: Path
) -> None:
    files: dict[str, Content] = {"box.py": BOX, "lid.py": LID}
    async with opened(stage, tmp_path, files) as world:
        pull, texts = await draft(world), heard(world)
        world.models.default = lambda request: Silence(20.0, writer(request))
        first = world.github.comment(pull, WRITER, "/quorum docs box.py")
        await world.wait(lambda: bool(texts))
        world.models.default = slow(writer)
        second = world.github.comment(pull, WRITER, "/quorum docs lid.py")
        for comment in (first, second):
            assert await ended(world, comment.id) == ["eyes", "rocket"]
        bodies = [one["body"] for one in replies(world, pull)]
        assert len(bodies) == 2, "an answer for each, and nothing else"
        assert not any(PROGRESS in body for body in bodies)
        [made] = proposed(world)
        assert all(page(world, made, f"docs/{name}.md") for name in ("box", "lid"))
