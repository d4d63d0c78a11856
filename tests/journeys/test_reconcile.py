"""The receiver is away while GitHub sends: after it is back, every pull request has its one review."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from tests.fakes.github import Pull
from tests.journeys.shared_world import Services
from tests.journeys.warmed import WarmProcess
from tests.journeys.world import UNHURRIED, World, opened
from tests.sample import Sample

QUICK_LOOKS = {
    **UNHURRIED,
    "QUORUM_REDELIVERY_INTERVAL_S": "0.5",
    "QUORUM_REDELIVERY_PAUSE_S": "0",
    "QUORUM_DEBOUNCE_S": "3",
}

MISSED = int(os.environ.get("QUORUM_MISSED_DELIVERIES", "50"))
"""500 take a minute."""


async def missing(world: World, pulls: int, deliveries: int) -> list[Pull]:
    """Pull requests that are opened and spoken of while nobody listens: as many deliveries fail."""
    await world.stack.web.kill()
    made = [
        world.github.open_pull(world.repository, head="export", title=f"Export {number}")
        for number in range(pulls)
    ]
    for number in range(deliveries - pulls):
        world.github.edit_title(made[number % pulls], f"Export, take {number}")
    await world.github.delivered()
    failed = {one.guid for one in world.github.deliveries if one.status_code >= 500}
    assert len(failed) == deliveries
    return made


async def back(world: World) -> None:
    """The receiver is started again, on the same port."""
    web = world.stack.new("web", "web-again")
    world.stack.web = web
    await web.start()


def arrived(world: World) -> int:
    """How many deliveries have been taken by now."""
    return len(
        {
            one.guid
            for one in world.github.deliveries
            if one.status_code == 202 and one.event == "pull_request"
        }
    )


def ended(world: World, pull: Pull) -> bool:
    """Whether it has a review, and nothing of it is under way."""
    done = {run.status for run in world.check_runs(pull)} == {"completed"}
    return done and bool(world.github.reviews(pull))


async def test_what_was_missed_is_reviewed_exactly_once(
    tmp_path: Path, services: Services, shop: Sample
) -> None:
    async with opened(
        tmp_path,
        shop.repository,
        database_url=services.database(tmp_path),
        redis_url=services.valkey_url,
        answer=None,
        settings=QUICK_LOOKS,
        process=WarmProcess,
    ) as world:
        pulls = await missing(world, pulls=2, deliveries=MISSED)
        assert not any(world.check_runs(pull) for pull in pulls)
        await back(world)
        await world.wait(lambda: arrived(world) == MISSED, 60.0 + MISSED / 2)
        for pull in pulls:
            # A run that a late delivery overtook ends as cancelled: not the one that is waited for.
            await world.wait(partial(ended, world, pull))
        for pull in pulls:
            assert len(world.github.reviews(pull)) == 1
            assert len(world.github.issue_comments(pull)) == 1
