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


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment in a review thread; `author_id` is 0 when the account is gone."""

    id: int
    body: str
    author_id: int


class _Author(BaseModel):
    id: int


class _Comment(BaseModel):
    id: int
    body: str | None = None
    user: _Author | None = None


async def reply(
    client: RestClient, full_name: str, number: int, source: Source, thread_id: int | None, body: str
) -> Posted:
    """Answer in the thread that starts with `thread_id`; in the conversation without one, or when it is gone.

    A lost answer is UnknownOutcomeError: see `find_reply`.
    """
    if source is Source.THREAD and thread_id is not None:
        path = f"/repos/{full_name}/pulls/{number}/comments/{thread_id}/replies"
        try:
            return posted(await client.post(path, {"body": body}))
        except NotFoundError:
            pass  # somebody deleted the thread
    return posted(await client.post(f"/repos/{full_name}/issues/{number}/comments", {"body": body}))


async def find_reply(
    client: RestClient, full_name: str, number: int, source: Source, marker: str, bot_id: int
) -> Posted | None:
    """Our answer that holds `marker`, wherever `reply` put it."""
    if source is Source.THREAD:
        found = await find_review_comment(client, full_name, number, marker, bot_id)
        if found is not None:
            return found
    return await find_comment(client, full_name, number, marker, bot_id)


async def read_comment(client: RestClient, full_name: str, comment_id: int) -> ReviewComment | None:
    """A comment of a review thread; None when it is gone."""
    try:
        content = await client.get(f"/repos/{full_name}/pulls/comments/{comment_id}")
    except NotFoundError:
        return None
    comment = _Comment.model_validate(content)
    return ReviewComment(comment.id, comment.body or "", comment.user.id if comment.user else 0)
