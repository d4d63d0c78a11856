"""The present state, of the repository that the work is about."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from workers.domain.errors import TransientError
from workers.domain.work import Claim, WorkKey
from workers.github.errors import NotFoundError
from workers.github.pull_requests import read_claimed, read_head, read_pull

SHOWN = ("GET", "/repos/octo/shop/pulls/1$")


async def test_every_field_is_read(octo: Octo) -> None:
    pull = await octo.read_pull()
    assert (pull.repo_id, pull.full_name, pull.number) == (octo.repository.id, NAME, 1)
    assert (pull.state, pull.draft, pull.author, pull.labels) == ("open", False, "mona", ())
    assert (pull.base_ref, pull.head_ref, pull.head_sha) == ("main", "topic", octo.sha)
    assert (pull.changed_files, pull.is_fork) == (3, False)


async def test_a_fork_is_one(octo: Octo) -> None:
    fork = octo.github.open_pull(octo.repository, head="topic", author="stranger", fork=True)
    pull = await read_pull(octo.client, NAME, fork.number, octo.repository.id)
    assert pull.is_fork


def claimed(octo: Octo, number: int = 1, attempts: int = 0) -> Claim:
    key = WorkKey(octo.repository.installation_id or 0, octo.repository.id, number, "review")
    return Claim(key, 1, "token", NAME, "opened", forced=False, attempts=attempts, crashes=0)


async def test_a_404_right_after_the_webhook_is_looked_at_once_more(octo: Octo) -> None:
    octo.github.faults.add(Fault(SHOWN, "status", status=404, message="Not Found"))
    pull = await read_claimed(octo.client, claimed(octo), sleep=octo.time.sleep)
    assert (pull.number, octo.time.slept) == (1, [1.0])


async def test_what_is_not_shown_yet_is_put_off_once_and_then_not_found(octo: Octo) -> None:
    """Its repository is shown: the first time it may be too early."""
    with pytest.raises(TransientError, match="octo/shop#99"):
        await read_claimed(octo.client, claimed(octo, 99), sleep=octo.time.sleep)
    assert octo.time.slept == [1.0]
    with pytest.raises(NotFoundError, match="octo/shop#99"):
        await read_claimed(octo.client, claimed(octo, 99, attempts=1), sleep=octo.time.sleep)
    assert octo.time.slept == [1.0]


async def test_what_is_gone_with_its_repository_is_put_off_once_too(octo: Octo) -> None:
    """It may have been handed on, and the event that moves the work is on its way."""
    octo.github.delete_repository(octo.repository)
    with pytest.raises(TransientError, match="no such repository"):
        await read_claimed(octo.client, claimed(octo), sleep=octo.time.sleep)
    with pytest.raises(NotFoundError, match="no such repository"):
        await read_claimed(octo.client, claimed(octo, attempts=1), sleep=octo.time.sleep)
    assert octo.time.slept == []


async def test_a_renamed_repository_is_read_under_its_new_name(octo: Octo) -> None:
    octo.github.rename(octo.repository, "store")
    assert (await octo.read_pull()).full_name == "octo/store"


async def test_another_repository_with_the_old_name_is_not_taken(octo: Octo) -> None:
    octo.github.rename(octo.repository, "store")
    other = octo.github.add_repository("octo", "shop", octo.source.path, private=False)
    octo.github.open_pull(other, head="topic")
    pull = await octo.read_pull()
    assert (pull.repo_id, pull.full_name) == (octo.repository.id, "octo/store")


async def test_the_head_is_the_one_of_now(octo: Octo) -> None:
    sha = octo.source.commit({"new.py": "c = 3\n"})
    octo.github.push(octo.pull, sha)
    assert await read_head(octo.client, NAME, 1) == sha
