"""What a change is for is read where it can be, and missed in the open where it can't."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import Octo, opened
from workers.domain.errors import RateLimitedError
from workers.jobs.background import Background, read_background


@pytest.fixture
async def octo(tmp_path: Path) -> AsyncIterator[Octo]:
    async with opened(tmp_path) as octo:
        yield octo


async def read(octo: Octo, body: str) -> Background:
    pull = replace(await octo.read_pull(), body=body)
    return await read_background(octo.client, octo.issues(), pull)


async def test_messages_and_closed_issues_are_read(octo: Octo) -> None:
    number = octo.github.open_issue(octo.repository, "Prices are wrong", "By one cent.").number
    body = f"Closes #{number}, closes #999, closes #{octo.pull.number} <!-- closes #{number + 5} -->"
    found = await read(octo, body)
    assert [(one.number, one.title, one.body) for one in found.linked] == [
        (number, "Prices are wrong", "By one cent.")
    ]
    assert found.commits
    assert found.notices == ()


async def test_without_the_right_to_read_issues_their_numbers_are_told(octo: Octo) -> None:
    number = octo.github.open_issue(octo.repository, "Prices are wrong").number
    del next(iter(octo.github.world.installations.values())).permissions["issues"]
    found = await read(octo, f"Closes #{number}")
    assert found.linked == ()
    assert found.notices[0].startswith(f"Issue {number}, which this closes, could not be read")


async def test_messages_that_cannot_be_read_are_told(octo: Octo) -> None:
    octo.github.faults.add(Fault(("GET", ".*/commits"), "status", status=503, times=50))
    found = await read(octo, "")
    assert found.commits == ()
    assert "messages of the commits could not be read" in found.notices[0]


async def test_a_rate_limit_parks_the_installation_as_ever(octo: Octo) -> None:
    octo.github.faults.add(Fault(("GET", ".*/commits"), "secondary_limit", retry_after_s=99))
    with pytest.raises(RateLimitedError):
        await read(octo, "")
