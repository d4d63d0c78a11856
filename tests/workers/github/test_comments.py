"""One summary a pull request, ours by marker and author."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from workers.github.comments import find_comment, upsert_comment
from workers.github.errors import PermissionMissingError, UnknownOutcomeError
from workers.github.permissions import READ
from workers.github.values import Posted

MARKER = "<!-- quorum:v1 summary -->"


async def upsert(octo: Octo, text: str, remembered_id: int | None = None) -> Posted:
    return await upsert_comment(
        octo.client,
        NAME,
        1,
        bot_id=octo.bot_id,
        marker=MARKER,
        body=f"{text}\n{MARKER}",
        remembered_id=remembered_id,
    )


def texts(octo: Octo) -> list[tuple[str, str]]:
    """(author, first line) of every comment."""
    shown = octo.github.issue_comments(octo.pull)
    return [(one["user"]["login"], one["body"].split("\n")[0]) for one in shown]


async def test_it_is_created_once_and_then_edited(octo: Octo) -> None:
    first = await upsert(octo, "one")
    second = await upsert(octo, "two")
    assert first.id == second.id
    assert texts(octo) == [("quorum[bot]", "two")]


async def test_the_same_text_is_not_written_again(octo: Octo) -> None:
    await upsert(octo, "one")
    await upsert(octo, "one")
    assert octo.writes("") - octo.writes("/access_tokens") == 1


async def test_a_strangers_copy_of_our_marker_is_left_alone(octo: Octo) -> None:
    for author in ("mona", "evil[bot]"):
        octo.github.comment(octo.pull, author, f"I am the summary\n{MARKER}")
    await upsert(octo, "one")
    await upsert(octo, "two")
    assert texts(octo) == [
        ("mona", "I am the summary"), ("evil[bot]", "I am the summary"), ("quorum[bot]", "two")
    ]  # fmt: skip


async def test_a_remembered_comment_needs_no_search(octo: Octo) -> None:
    first = await upsert(octo, "one")
    await upsert(octo, "two", first.id)
    lists = [one for one in octo.github.requests if one.method == "GET" and "/issues/1/comments" in one.path]
    assert len(lists) == 1
    assert texts(octo) == [("quorum[bot]", "two")]


async def test_a_remembered_comment_that_was_deleted_is_made_anew(octo: Octo) -> None:
    first = await upsert(octo, "one")
    await octo.client.delete(f"/repos/{NAME}/issues/comments/{first.id}")
    second = await upsert(octo, "two", first.id)
    assert second.id != first.id
    assert texts(octo) == [("quorum[bot]", "two")]


async def test_a_remembered_id_of_a_stranger_is_not_edited(octo: Octo) -> None:
    stranger = octo.github.comment(octo.pull, "mona", MARKER)
    await upsert(octo, "one", stranger.id)
    assert texts(octo) == [("mona", MARKER), ("quorum[bot]", "one")]


async def test_a_lost_answer_does_not_make_a_second_one(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/comments"), "drop_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await upsert(octo, "one")
    await upsert(octo, "two")
    assert texts(octo) == [("quorum[bot]", "two")]


async def test_it_is_found_beyond_the_first_page(octo: Octo) -> None:
    for number in range(120):
        octo.github.comment(octo.pull, "mona", f"chat {number}")
    posted = await upsert(octo, "one")
    assert await find_comment(octo.client, NAME, 1, MARKER, octo.bot_id) == posted


async def test_a_token_without_the_right_says_which_one(octo: Octo) -> None:
    reader = octo.clients.client(octo.repository.installation_id or 0, octo.repository.id, READ)
    with pytest.raises(PermissionMissingError, match="pull_requests"):
        await upsert_comment(reader, NAME, 1, bot_id=octo.bot_id, marker=MARKER, body=MARKER)
