"""The thread of a review comment: where it stands, and what was said in it."""

from __future__ import annotations

from pydantic import BaseModel

from workers.domain.question import Remark, Thread
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient

PAGES_MAX = 10
REMARKS_MAX = 50


class _Author(BaseModel):
    id: int
    login: str = ""


class _Comment(BaseModel):
    id: int
    body: str | None = None
    user: _Author | None = None
    path: str = ""
    line: int | None = None
    in_reply_to_id: int | None = None


async def read_thread(
    client: RestClient, full_name: str, number: int, thread_id: int, *, bot_id: int, but: int
) -> Thread | None:
    """The thread that the comment `thread_id` began, without the comment `but`; None when it is gone.

    Its last 50 remarks, out of the first 1,000 comments of the pull request. `bot_id` is our own user's.
    """
    try:
        first = _Comment.model_validate(await client.get(f"/repos/{full_name}/pulls/comments/{thread_id}"))
    except NotFoundError:
        return None
    said = [first, *await _replies(client, full_name, number, thread_id)]
    remarks = [_remark(one, bot_id) for one in said if one.id != but]
    return Thread(first.path, first.line, tuple(remarks[-REMARKS_MAX:]))


async def _replies(client: RestClient, full_name: str, number: int, thread_id: int) -> list[_Comment]:
    path = f"/repos/{full_name}/pulls/{number}/comments"
    found: list[_Comment] = []
    async for page in client.pages(path, {"per_page": 100}, pages_max=PAGES_MAX):
        comments = map(_Comment.model_validate, page)
        found += [one for one in comments if one.in_reply_to_id == thread_id]
    return found


def _remark(comment: _Comment, bot_id: int) -> Remark:
    author = comment.user
    return Remark(
        author.login if author else "", comment.body or "", author is not None and author.id == bot_id
    )
