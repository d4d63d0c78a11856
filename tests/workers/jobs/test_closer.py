"""Our threads are brought up to their findings: said once, resolved once, bounded, and stopped by no single one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.github import Fault
from tests.fakes.github.values import ReviewComment
from tests.workers.github.octo import NAME
from tests.workers.jobs.desk import Desk
from workers.domain.adjudication import Fate
from workers.domain.errors import LeaseLostError, TransientError
from workers.domain.threads import Touch
from workers.domain.work import ThreadSeen
from workers.experts.closing import GONE, Why
from workers.github.markers import finding_marker
from workers.github.permissions import RESOLVE
from workers.jobs.closer import Closer
from workers.jobs.closer_values import End, Place, Tally
from workers.jobs.denials import DENIED_S, Denials
from workers.storage.touches import TouchStore

MARK = "0123456789abcdef"
BODY = f"🔴 eval\n\n{finding_marker(MARK)}"
LINE = "✅ **Fixed** in `{}`. <!-- quorum:v1 fate -->"


def said(desk: Desk, author: str = "quorum[bot]") -> ReviewComment:
    return desk.octo.github.comment_on_review(desk.octo.pull, author, BODY, path="app.py", line=10)


def closer_of(desk: Desk) -> Closer:
    return Closer(desk.octo.clients, TouchStore(desk.database, desk.clock), Denials(desk.clock))


async def free() -> None:
    """Nobody has taken the lease."""


def place_of(desk: Desk) -> Place:
    key, octo = desk.key, desk.octo
    return Place(octo.client, key.installation_id, key.repo_id, NAME, key.number, octo.sha, octo.bot_id, free)


async def tidy(desk: Desk, closer: Closer, fate: Fate = Fate.FIXED) -> Tally:
    return await closer.tidy(place_of(desk), {MARK: fate}, closing=GONE, just=[MARK])


def edits(desk: Desk) -> int:
    return sum(one.startswith("PATCH") for one in desk.writes())


async def test_a_thread_is_closed_once_and_opened_again_when_its_finding_is_back(desk: Desk) -> None:
    first, closer, resolved = said(desk), closer_of(desk), desk.octo.github.world.resolved
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 1}
    assert first.id in resolved
    assert first.body == f"{LINE.format(desk.octo.sha[:7])}\n\n{BODY}"
    again = await tidy(desk, closer)
    assert (again.ends, again.left, edits(desk)) == ({}, {Why.DONE: 1}, 1)
    assert (await tidy(desk, closer, Fate.OPEN)).ends == {End.REOPENED: 1}
    assert (first.id in resolved, first.body) == (False, BODY)
    assert await closer.touches.of_pull(desk.key.repo_id, 1) == {first.id: Touch(False, desk.octo.bot_id)}
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 1}


async def test_two_threads_about_one_finding_close_together_and_a_strangers_copy_does_not(desk: Desk) -> None:
    ours, strangers = [said(desk), said(desk)], [said(desk, "mona"), said(desk, "other[bot]")]
    assert (await tidy(desk, closer_of(desk))).ends == {End.RESOLVED: 2}
    assert set(desk.octo.github.world.resolved) == {one.id for one in ours}
    assert {one.body for one in strangers} == {BODY}


async def test_a_comment_that_is_deleted_meanwhile_stops_no_other(desk: Desk) -> None:
    first, second = said(desk), said(desk)
    desk.octo.github.faults.add(Fault(("PATCH", f".*/comments/{first.id}$"), "status", status=404))
    assert (await tidy(desk, closer_of(desk))).ends == {End.REFUSED: 1, End.RESOLVED: 1}
    assert set(desk.octo.github.world.resolved) == {second.id}


async def test_one_run_goes_so_far_and_the_next_goes_on(desk: Desk) -> None:
    for _ in range(3):
        said(desk)
    closer = replace(closer_of(desk), threads_per_run_max=2)
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 2, End.LATER: 1}
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 1}


async def test_five_hundred_open_threads_are_closed_run_by_run_and_each_once(desk: Desk) -> None:
    first, world = said(desk), desk.octo.github.world
    closer = replace(closer_of(desk), threads_per_run_max=10)
    for number in (world.next_id() for _ in range(499)):
        world.review_comments[number] = replace(first, id=number)
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 10, End.LATER: 490}
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 10, End.LATER: 480}
    assert (edits(desk), len(world.resolved)) == (20, 20)


@pytest.mark.parametrize("when", ["minting", "calling"])
async def test_without_the_permission_it_is_said_and_asked_again_after_an_hour(desk: Desk, when: str) -> None:
    threads, closer, octo = [said(desk), said(desk)], closer_of(desk), desk.octo
    place, world = place_of(desk), desk.octo.github.world
    if when == "calling":
        await octo.clients.client(place.installation_id, place.repo_id, RESOLVE).get(f"/repos/{NAME}")
    tokens = [one.permissions for one in world.tokens.values()]
    granted = [world.installations[place.installation_id].permissions, *tokens]
    for one in granted:
        one["contents"] = "read"
    assert (await tidy(desk, closer)).ends == {End.SAID: 2}
    assert {thread.body for thread in threads} == {f"{LINE.format(octo.sha[:7])}\n\n{BODY}"}
    before = len(octo.github.requests)
    assert (await tidy(desk, closer)).ends == {End.SAID: 2}
    assert len(octo.github.requests) == before + 1, "threads are read, and nothing else is asked"
    for one in granted:
        one["contents"] = "write"
    desk.clock.advance(DENIED_S + 1)
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 2}
    assert edits(desk) == 2


async def test_what_a_person_opened_again_stays_open(desk: Desk) -> None:
    first, closer = said(desk), closer_of(desk)
    await tidy(desk, closer)
    desk.octo.github.unresolve_thread(first)
    assert (await tidy(desk, closer)).left == {Why.REOPENED: 1}, "also before the event of it is here"
    key, mona = desk.key, desk.octo.github.world.user("mona").id
    await closer.touches.note(ThreadSeen(key.installation_id, key.repo_id, 1, first.id, False, mona, "mona"))
    assert (await tidy(desk, closer)).left == {Why.REOPENED: 1}


async def test_a_run_that_lost_its_lease_writes_nothing(desk: Desk) -> None:
    async def lost() -> None:
        raise LeaseLostError("somebody else has it")

    first = said(desk)
    with pytest.raises(LeaseLostError):
        await closer_of(desk).tidy(replace(place_of(desk), fence=lost), {MARK: Fate.FIXED}, closing=GONE)
    assert first.body == BODY


async def test_a_run_that_is_cut_off_goes_on_where_it_stopped(desk: Desk) -> None:
    first, closer = said(desk), closer_of(desk)
    desk.octo.github.faults.add(Fault(("POST", "/graphql"), "status", times=9, after=1))
    with pytest.raises(TransientError):
        await tidy(desk, closer)
    desk.octo.github.faults.clear()
    assert (await tidy(desk, closer)).ends == {End.RESOLVED: 1}
    assert (first.id in desk.octo.github.world.resolved, edits(desk)) == (True, 1)


async def test_a_dismissed_thread_closes_whatever_was_said_in_it(desk: Desk) -> None:
    first, closer = said(desk), closer_of(desk)
    desk.octo.github.comment_on_review(desk.octo.pull, "mona", "/quorum dismiss no", in_reply_to=first)
    assert await closer.close(place_of(desk), first.id) is End.RESOLVED
    assert await closer.close(place_of(desk), first.id) is None
    assert (first.id in desk.octo.github.world.resolved, first.body) == (True, BODY)
