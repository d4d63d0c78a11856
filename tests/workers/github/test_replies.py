"""Answers stand where the command was given, once."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from tests.workers.github.threads import thread
from workers.domain.command import Source
from workers.github.errors import UnknownOutcomeError
from workers.github.markers import command_marker, finding_in, finding_marker
from workers.github.replies import ReviewComment, find_reply, read_comment, reply
from workers.github.values import Posted

MARKER = command_marker("issue_comment:77")
BODY = f"Done.\n\n{MARKER}"


async def answer(octo: Octo, source: Source, thread_id: int | None = None) -> Posted:
    return (await reply(octo.client, NAME, 1, source, thread_id, BODY)).posted


async def find(octo: Octo, source: Source) -> Posted | None:
    found = await find_reply(octo.client, NAME, 1, source, MARKER, octo.bot_id)
    return found.posted if found is not None else None


@pytest.mark.parametrize("source", [Source.COMMENT, Source.BUTTON])
async def test_the_conversation_is_answered_in_the_conversation(source: Source, octo: Octo) -> None:
    said = await answer(octo, source)
    assert [one["id"] for one in octo.github.issue_comments(octo.pull)] == [said.id]
    assert await find(octo, source) == said


async def test_a_thread_is_answered_in_the_thread(octo: Octo) -> None:
    first = await thread(octo)
    said = await answer(octo, Source.THREAD, first.id)
    shown = octo.github.review_comments(octo.pull)[-1]
    assert (shown["id"], shown["in_reply_to_id"]) == (said.id, first.id)
    assert await find(octo, Source.THREAD) == said


async def test_a_thread_that_is_gone_is_answered_in_the_conversation(octo: Octo) -> None:
    said = await answer(octo, Source.THREAD, 5)
    assert [one["id"] for one in octo.github.issue_comments(octo.pull)] == [said.id]
    assert await find(octo, Source.THREAD) == said


async def test_a_lost_answer_is_found_again(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/comments"), "drop_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await answer(octo, Source.COMMENT)
    found = await find(octo, Source.COMMENT)
    assert found is not None
    assert found.body == BODY


async def test_a_strangers_copy_of_the_marker_is_no_answer_of_ours(octo: Octo) -> None:
    octo.github.comment(octo.pull, "mona", BODY)
    assert await find(octo, Source.COMMENT) is None


async def test_a_threads_first_comment_says_which_finding_it_is_about(octo: Octo) -> None:
    body = f"🔴 eval\n\n{finding_marker('0123456789abcdef')}"
    first = await thread(octo, body)
    read = await read_comment(octo.client, NAME, first.id)
    assert read == ReviewComment(first.id, body, octo.bot_id)
    assert finding_in(read.body) == "0123456789abcdef"


async def test_a_comment_that_is_gone_is_none(octo: Octo) -> None:
    assert await read_comment(octo.client, NAME, 5) is None


def test_a_text_without_a_mark_is_about_no_finding() -> None:
    assert finding_in("just talk") is None
    assert finding_in(MARKER) is None


def test_of_several_marks_the_last_one_is_ours() -> None:
    assert finding_in(finding_marker("a" * 16) + finding_marker("b" * 16)) == "b" * 16


def test_a_commands_id_cannot_leave_its_marker() -> None:
    assert command_marker("check_run:ab-12 -->") == "<!-- quorum:v1 command id=check_run:ab-12_--_ -->"
