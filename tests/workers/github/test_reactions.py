"""A command's comment shows how far it is."""

from __future__ import annotations

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from tests.workers.github.threads import thread
from workers.domain.command import Source
from workers.github.reactions import react


def shown(octo: Octo) -> list[tuple[str, int, str]]:
    return [(*one.subject, one.content) for one in octo.github.world.reactions]


async def test_a_comment_in_the_conversation_is_reacted_to(octo: Octo) -> None:
    comment = octo.github.comment(octo.pull, "mona", "/quorum review")
    await react(octo.client, NAME, Source.COMMENT, comment.id, "eyes")
    await react(octo.client, NAME, Source.COMMENT, comment.id, "rocket")
    assert shown(octo) == [
        ("issues/comments", comment.id, "eyes"),
        ("issues/comments", comment.id, "rocket"),
    ]


async def test_a_comment_in_a_thread_is_reacted_to(octo: Octo) -> None:
    comment = await thread(octo)
    await react(octo.client, NAME, Source.THREAD, comment.id, "confused")
    assert shown(octo) == [("pulls/comments", comment.id, "confused")]


async def test_twice_is_once_even_when_the_answer_is_lost(octo: Octo) -> None:
    comment = octo.github.comment(octo.pull, "mona", "/quorum review")
    octo.github.faults.add(Fault(("POST", ".*/reactions"), "drop_after_commit"))
    await react(octo.client, NAME, Source.COMMENT, comment.id, "eyes")
    await react(octo.client, NAME, Source.COMMENT, comment.id, "eyes")
    assert shown(octo) == [("issues/comments", comment.id, "eyes")]


async def test_a_comment_that_is_gone_is_left_alone(octo: Octo) -> None:
    await react(octo.client, NAME, Source.COMMENT, 5, "eyes")
    assert shown(octo) == []


async def test_a_button_has_nothing_to_react_to(octo: Octo) -> None:
    before = len(octo.github.requests)
    await react(octo.client, NAME, Source.BUTTON, 5, "eyes")
    assert len(octo.github.requests) == before
