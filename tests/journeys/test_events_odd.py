"""What happens to work when its place changes under it: between the event and the job, and in the middle of the job."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.fakes.github import Fault, Pull
from tests.fakes.github.values import Happening
from tests.fakes.repository import GitRepository
from tests.journeys.asking import asked, introduce
from tests.journeys.stage import Stage
from tests.journeys.storing import rows
from tests.journeys.world import NOTHING_FOUND, World
from tests.polling import until

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]

REVIEW = "SELECT count(*) FROM work WHERE repo_id = :id AND pipeline = 'review' AND "
PUT_OFF = f"{REVIEW} attempts > 0 AND wanted_gen > done_gen"
LEFT = f"{REVIEW} wanted_gen > done_gen"
SAID = "SELECT count(*) FROM pull WHERE repo_id = :id AND said_head_sha <> ''"
DEAD = f"{REVIEW} dead_gen > 0"


@pytest_asyncio.fixture(loop_scope="module")
async def notes(stage: Stage, tmp_path: Path) -> AsyncIterator[World]:
    """A repository of notes, and a "topic" that adds to them."""
    git = GitRepository.create(tmp_path)
    git.commit({"a.md": "A\n"})
    git.branch("topic")
    git.commit({"a.md": "A, and more\n"})
    async with stage.world(git) as world:
        world.models.default = NOTHING_FOUND
        yield world


async def counted(stage: Stage, world: World, query: str, count: int) -> None:
    """Until the query counts as many rows of the repository."""

    async def holds() -> bool:
        return await rows(stage.database_url, query, world.repository.id) == [(count,)]

    await until(holds, 60.0)


def at_the_check(world: World, act: Any) -> None:
    """`act` as soon as the check run of a review is there, once: the job is in its middle then."""

    def notice(happening: Happening) -> None:
        if happening.kind == "check_run.created" and happening.subject.repository is world.repository:
            world.github.world.observers.remove(notice)
            act()

    world.github.world.observers.append(notice)


async def held_up(world: World) -> Pull:
    """A pull request whose work waits, since nothing is claimed for a suspended installation."""
    installation = world.github.world.installations[world.repository.installation_id or 0]
    world.github.announce(installation)
    world.github.suspend(installation)
    pull = world.github.open_pull(world.repository, head="topic")
    await world.github.delivered()
    return pull


def let_in(world: World, installation_id: int) -> None:
    world.github.unsuspend(world.github.world.installations[installation_id])


async def test_work_under_way_when_the_app_is_suspended_is_done_afterwards(
    notes: World, stage: Stage
) -> None:
    world = notes
    installation = world.github.world.installations[world.repository.installation_id or 0]
    world.github.announce(installation)
    at_the_check(world, lambda: world.github.suspend(installation))
    pull = world.github.open_pull(world.repository, head="topic")
    await counted(stage, world, PUT_OFF, 1)
    await world.github.delivered()
    world.github.unsuspend(installation)
    assert (await world.reviewed(pull)).conclusion == "success"
    assert len(world.github.reviews(pull)) <= 1
    assert len(world.check_runs(pull)) == 1


async def test_work_for_a_repository_whose_rename_nobody_told_is_done(notes: World) -> None:
    world, own = notes, notes.repository.installation_id or 0
    pull = await held_up(world)
    world.github.faults.add(Fault(("repository", "renamed"), "lost"))
    world.github.rename(world.repository, "store")
    let_in(world, own)
    assert (await world.reviewed(pull)).conclusion == "success"


async def test_work_follows_a_repository_that_was_handed_on_before_its_event_came(
    notes: World, stage: Stage
) -> None:
    """The job looks for it where it was, finds nothing, and is put off until GitHub tells where it is now."""
    world, own = notes, notes.repository.installation_id or 0
    there = world.github.install(f"acme-{world.repository.id}")
    world.github.announce(there)
    pull = await held_up(world)
    world.github.faults.add(Fault(("repository", "transferred"), "lost"))
    world.github.transfer(world.repository, there)
    let_in(world, own)
    await counted(stage, world, PUT_OFF, 1)
    lost = next(one for one in world.github.deliveries if one.action == "transferred")
    await world.github.deliver(lost.event, lost.action, json.loads(lost.payload), guid=lost.guid)
    assert (await world.reviewed(pull)).conclusion == "success"


async def test_work_for_a_deleted_repository_ends_quietly(notes: World, stage: Stage) -> None:
    """Without an event: looked for twice, and then nothing is left of it."""
    world, own = notes, notes.repository.installation_id or 0
    await held_up(world)
    world.github.faults.add(Fault(("repository", "deleted"), "lost"))
    world.github.delete_repository(world.repository)
    let_in(world, own)
    await counted(stage, world, LEFT, 0)
    await counted(stage, world, DEAD, 0)


async def test_a_pull_request_closed_in_the_middle_of_its_review_hears_nothing(
    notes: World, stage: Stage
) -> None:
    world, pulls = notes, list[Pull]()
    at_the_check(world, lambda: world.github.close(pulls[0]))
    pulls.append(world.github.open_pull(world.repository, head="topic"))
    await asyncio.wait_for(world.github.delivered(), 10)
    await world.wait(lambda: pulls[0].state == "closed")
    await counted(stage, world, LEFT, 0)
    await world.wait(lambda: all(one.status == "completed" for one in world.check_runs(pulls[0])))
    assert world.github.reviews(pulls[0]) == []
    assert {one.conclusion for one in world.check_runs(pulls[0])} != {"success"}


async def test_who_asked_for_a_review_is_told_that_the_pull_request_was_closed_meanwhile(
    notes: World,
) -> None:
    world = notes
    introduce(world)
    pull = world.github.open_pull(world.repository, head="topic", draft=True)
    await world.reviewed(pull)
    at_the_check(world, lambda: world.github.close(pull))
    found, [text] = await asked(world, pull, "/quorum review")
    assert (found, "The pull request is closed." in text) == (["eyes", "confused"], True)
    assert world.github.reviews(pull) == []


async def test_all_checks_of_a_fork_can_be_asked_for_again(notes: World, stage: Stage) -> None:
    """GitHub does not say which pull request that is; who asks gets a review all the same."""
    world = notes
    pull = world.github.open_pull(world.repository, head="topic", author="stranger", fork=True, draft=True)
    run = await world.reviewed(pull)
    await counted(stage, world, SAID, 1)
    world.github.rerequest_suite(run)
    await world.wait(lambda: bool(world.github.reviews(pull)) or "success" in _ends(world, pull))
    assert sorted(_ends(world, pull)) == ["neutral", "success"]


def _ends(world: World, pull: Pull) -> list[str]:
    return [one.conclusion or "" for one in world.check_runs(pull)]
