"""Answers to commands, where they were given, and the comments that they were given on."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from workers.domain.command import Source
from workers.github.authored import posted
from workers.github.comments import find_comment
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient
from workers.github.reviews import find_review_comment
from workers.github.values import Posted

PROGRESS = "<!-- quorum:v1 progress -->"
"""Marks an answer to a command that only says, so far, how far its work is."""

IN_CONVERSATION, IN_THREAD = "issues/comments", "pulls/comments"


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment in a review thread; `author_id` is 0 when the account is gone."""

    id: int
    body: str
    author_id: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A reply of ours and where it stands: `place` ("issues/comments/7") is below the repository's path in the API."""

    place: str
    posted: Posted


class _Author(BaseModel):
    id: int


class _Comment(BaseModel):
    id: int
    body: str | None = None
    user: _Author | None = None


async def reply(
    client: RestClient, full_name: str, number: int, source: Source, thread_id: int | None, body: str
) -> Placed:
    """Answer in the thread that starts with `thread_id`; in the conversation without one, or when it is gone.

    A lost answer is UnknownOutcomeError: see `find_reply`.
    """
    if source is Source.THREAD and thread_id is not None:
        path = f"/repos/{full_name}/pulls/{number}/comments/{thread_id}/replies"
        try:
            return _placed(IN_THREAD, posted(await client.post(path, {"body": body})))
        except NotFoundError:
            pass  # somebody deleted the thread
    path = f"/repos/{full_name}/issues/{number}/comments"
    return _placed(IN_CONVERSATION, posted(await client.post(path, {"body": body})))


async def find_reply(
    client: RestClient, full_name: str, number: int, source: Source, marker: str, bot_id: int
) -> Placed | None:
    """Our answer that holds `marker`, wherever `reply` put it."""
    if source is Source.THREAD:
        found = await find_review_comment(client, full_name, number, marker, bot_id)
        if found is not None:
            return _placed(IN_THREAD, found)
    found = await find_comment(client, full_name, number, marker, bot_id)
    return _placed(IN_CONVERSATION, found) if found is not None else None


async def read_reply(client: RestClient, full_name: str, place: str) -> Placed | None:
    """What stands at `place` now; None when somebody deleted it."""
    try:
        return Placed(place, posted(await client.get(f"/repos/{full_name}/{place}")))
    except NotFoundError:
        return None


async def rewrite_reply(client: RestClient, full_name: str, place: str, body: str) -> None:
    """Give a reply of ours another text. NotFoundError when somebody deleted it."""
    await client.patch(f"/repos/{full_name}/{place}", {"body": body})


def _placed(kind: str, there: Posted) -> Placed:
    return Placed(f"{kind}/{there.id}", there)


async def read_comment(client: RestClient, full_name: str, comment_id: int) -> ReviewComment | None:
    """A comment of a review thread; None when it is gone."""
    try:
        content = await client.get(f"/repos/{full_name}/pulls/comments/{comment_id}")
    except NotFoundError:
        return None
    comment = _Comment.model_validate(content)
    return ReviewComment(comment.id, comment.body or "", comment.user.id if comment.user else 0)
