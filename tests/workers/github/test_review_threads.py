"""Our threads are known by their author and marker, in pages; resolving them takes a permission of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.github import Fault
from tests.fakes.github.values import ReviewComment
from tests.workers.github.octo import NAME, Octo
from workers.domain.adjudication import Fate
from workers.domain.errors import RateLimitedError
from workers.domain.threads import OurThread, OurThreads
from workers.github.client import InstallationClient
from workers.github.errors import NotFoundError, PermissionMissingError
from workers.github.markers import finding_marker
from workers.github.permissions import RESOLVE
from workers.github.render.fates import with_fate
from workers.github.review_threads import read_our_threads, reopen_thread, resolve_thread

MARK = "0123456789abcdef"
BODY = f"🔴 eval\n\n{finding_marker(MARK)}"
BOT = "quorum[bot]"


def said(octo: Octo, author: str = BOT, body: str = BODY, to: ReviewComment | None = None) -> ReviewComment:
    place = {"in_reply_to": to} if to else {"path": "app.py", "line": 10}
    return octo.github.comment_on_review(octo.pull, author, body, **place)


async def read(octo: Octo) -> OurThreads:
    return await read_our_threads(octo.client, NAME, 1, octo.bot_id)


async def read_one(octo: Octo) -> OurThread:
    [thread] = (await read(octo)).threads
    return thread


def strong(octo: Octo) -> InstallationClient:
    return octo.clients.client(octo.repository.installation_id or 0, octo.repository.id, RESOLVE)


async def test_a_thread_is_ours_by_its_author_and_about_a_finding_by_its_marker(octo: Octo) -> None:
    ours = said(octo)
    said(octo, "mona")  # a stranger may paste our marker
    said(octo, "other[bot]")
    said(octo, body="just talk of ours")
    gone = said(octo)
    said(octo, BOT, f"An answer of ours.\n\n{finding_marker('f' * 15)}", to=gone)
    octo.github.delete_review_comment(gone.id)
    assert await read_one(octo) == OurThread(f"PRRT_{ours.id}", ours.id, MARK, BODY)


@pytest.mark.parametrize(
    ("speakers", "unanswered"),
    [
        ([], False),
        (["mona"], True),
        (["mona", BOT], False),
        (["mona", BOT, "other[bot]"], False),
        ([BOT, "mona", "other[bot]"], True),
        ([BOT, *["other[bot]"] * 20], True),
    ],
)
async def test_a_person_who_spoke_after_us_is_owed_an_answer(
    octo: Octo, speakers: list[str], unanswered: bool
) -> None:
    first = said(octo)
    for speaker in speakers:
        said(octo, speaker, "hm", to=first)
    assert (await read_one(octo)).unanswered is unanswered


async def test_a_comment_that_a_person_edited_stays_ours_as_long_as_its_marker_stays(octo: Octo) -> None:
    first = said(octo)
    edited = with_fate(f"Edited by Mona.\n\n{finding_marker(MARK)}", Fate.FIXED, "abc1234", now=True)
    octo.github.edit_review_comment(first.id, edited)
    thread = await read_one(octo)
    assert (thread.body, thread.fingerprint) == (edited, MARK)
    octo.github.edit_review_comment(first.id, "Edited by Mona.")
    assert (await read(octo)).threads == ()


async def test_who_resolved_it_is_told_when_it_was_a_person(octo: Octo) -> None:
    first = said(octo)
    octo.github.resolve_thread(first, by="mona")
    thread = await read_one(octo)
    assert (thread.resolved, thread.resolved_by) == (True, octo.github.world.user("mona").id)
    octo.github.unresolve_thread(first)
    await resolve_thread(strong(octo), thread.node_id)
    await resolve_thread(strong(octo), thread.node_id)
    thread = await read_one(octo)
    assert (thread.resolved, thread.resolved_by) == (True, None)
    await reopen_thread(strong(octo), thread.node_id)
    assert not (await read_one(octo)).resolved


async def test_a_hundred_threads_are_one_request_and_a_limit_is_told(octo: Octo) -> None:
    first, world = said(octo), octo.github.world
    for number in (world.next_id() for _ in range(249)):
        world.review_comments[number] = replace(first, id=number)
    found = await read(octo)
    assert (len(found.threads), found.whole) == (250, True)
    assert octo.writes("/graphql") == 3
    found = await read_our_threads(octo.client, NAME, 1, octo.bot_id, pages_max=2)
    assert (len(found.threads), found.whole) == (200, False)


async def test_what_github_refuses_has_a_kind(octo: Octo) -> None:
    first = said(octo)
    with pytest.raises(PermissionMissingError):
        await resolve_thread(octo.client, f"PRRT_{first.id}")
    with pytest.raises(NotFoundError):
        await resolve_thread(strong(octo), "PRRT_5")
    octo.github.limits.exhaust(-(octo.repository.installation_id or 0), octo.time.at)
    with pytest.raises(RateLimitedError):
        await read(octo)


async def test_a_lost_answer_is_asked_for_again(octo: Octo) -> None:
    first = said(octo)
    octo.github.faults.add(Fault(("POST", "/graphql"), "drop_after_commit", times=2))
    await resolve_thread(strong(octo), f"PRRT_{first.id}")
    assert first.id in octo.github.world.resolved
