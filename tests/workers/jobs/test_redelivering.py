"""What GitHub could not deliver is asked for again until it has arrived, and no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from structlog.testing import capture_logs

from config.settings import Settings
from tests.fakes.github import FakeGitHub, Fault
from tests.fakes.listener import listening
from tests.workers.github.scripted import FakeTime
from tests.workers.storage.telling import arrived
from workers.github.client import open_clients
from workers.jobs.redelivering import Redelivery
from workers.jobs.turns import Held, Outcome
from workers.storage.database import Database
from workers.storage.intake import Intake
from workers.storage.missed import MissedStore

INTERVAL_S = 300.0


@dataclass
class Place:
    """A GitHub whose deliveries reach a receiver that answers `status`, and the job between them."""

    github: FakeGitHub
    time: FakeTime
    redelivery: Redelivery
    status: int = 202
    done_until: float = 0.0

    async def send(self, count: int) -> None:
        for number in range(count):
            await self.github.deliver("ping", "", {"number": number})

    async def round(self, after_s: float = INTERVAL_S) -> Outcome:
        """The next round, some time later; what was asked for again has been sent."""
        self.time.at += after_s
        outcome = await self.redelivery(Held(self.done_until, _hold))
        self.done_until = outcome.done_until
        await self.github.delivered()
        return outcome

    @property
    def repeated(self) -> int:
        return sum(one.redelivery for one in self.github.deliveries)


async def _hold() -> None:
    """Nobody else wants the turn."""


@asynccontextmanager
async def opened(database: Database, per_round_max: int = 100) -> AsyncIterator[Place]:
    time, places = FakeTime(), list[Place]()

    async def answer(_: Request) -> Response:
        return Response(status_code=places[0].status)

    async with FakeGitHub.serve(clock=lambda: time.at) as github, listening(_router(answer)) as url:
        github.webhook_target = url
        settings = Settings(
            app_id=github.app.app_id,
            private_key=SecretStr(github.app.private_key),
            github_api_url=github.url,
        )
        async with open_clients(settings, timing=time.timing()) as clients:
            missed = MissedStore(database, lambda: time.at)
            now, sleep = (lambda: time.at), time.sleep
            job = Redelivery(clients.app, missed, now, sleep, INTERVAL_S, per_round_max, pause_s=1.0)
            places.append(Place(github, time, job))
            yield places[0]


def _router(answer: object) -> Router:
    return Router([Route("/", answer, methods=["POST"])])  # type: ignore[arg-type]


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    async with opened(database) as place:
        yield place


async def test_after_an_outage_everything_is_asked_for_once(place: Place) -> None:
    """However long it lasted: while nobody answers, one delivery a round is asked for to see."""
    place.status = 503
    await place.send(12)
    for _ in range(10):
        assert (await place.round()).due_s < INTERVAL_S, "an outage is looked at often"
    assert place.repeated == 10
    place.status = 202
    await place.round(30.0)  # somebody answers
    await place.round(30.0)  # so the others are asked for
    for _ in range(3):
        await place.round()
    taken = [one.guid for one in place.github.deliveries if one.status_code == 202]
    assert len(taken) == len(set(taken)) == 12
    assert place.time.slept == [1.0] * 11


async def test_what_arrived_although_github_says_failed_is_not_asked_for(
    place: Place, database: Database
) -> None:
    """An answer after more than ten seconds."""
    place.status = 500
    sent = await place.github.deliver("ping", "", {}, guid=arrived(1).guid)
    place.status = 202
    await place.send(1)
    await Intake(database, lambda: place.time.at).record(arrived(1), ())
    await place.round()
    assert place.repeated == 0, sent.guid


async def test_a_delivery_that_always_fails_is_given_up_aloud_and_stops_nothing_else(place: Place) -> None:
    place.status = 400
    await place.send(1)
    with capture_logs() as said:
        for _ in range(12):
            await place.round(2 * INTERVAL_S)
    assert place.repeated == 5
    assert [one["log_level"] for one in said if one["event"] == "a delivery failed for good"] == ["error"]


async def test_more_than_a_round_may_ask_for_is_asked_for_in_the_next_and_said(database: Database) -> None:
    async with opened(database, per_round_max=3) as place:
        place.status = 500
        await place.send(5)
        place.status = 202
        await place.send(1)
        with capture_logs() as said:
            first = await place.round()
        assert any(one["log_level"] == "error" and one.get("limit") == 3 for one in said)
        assert (first.due_s, place.repeated) == (30.0, 3)
        await place.round(first.due_s)
        assert place.repeated == 5


async def test_what_github_no_longer_has_is_given_up_at_once(place: Place) -> None:
    place.status = 400
    await place.send(1)
    place.github.faults.add(Fault(("POST", ".*/attempts"), "status", status=404))
    for _ in range(3):
        await place.round()
    assert sum(one.path.endswith("/attempts") for one in place.github.requests) == 1
