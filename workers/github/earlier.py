"""What we said before on a pull request, known by our markers and our author id."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from workers.github.calls import Params
from workers.github.markers import finding_in
from workers.github.rest import RestClient

PAGES_MAX = 30


class _Author(BaseModel):
    id: int


class _Comment(BaseModel):
    id: int
    body: str | None = None
    user: _Author | None = None


async def threads_of(client: RestClient, full_name: str, number: int, bot_id: int) -> Mapping[str, int]:
    """Fingerprint → id of our inline or file comment about that finding, the oldest; of the last 3,000 comments."""
    found: dict[str, int] = {}
    path = f"/repos/{full_name}/pulls/{number}/comments"
    newest_first: Params = {"per_page": 100, "sort": "created", "direction": "desc"}
    async for page in client.pages(path, newest_first, pages_max=PAGES_MAX):
        comments = [_Comment.model_validate(item) for item in page]
        ours = (comment for comment in comments if comment.user and comment.user.id == bot_id)
        marks = ((finding_in(one.body or ""), one.id) for one in ours)  # what we quote may hold others
        found.update((mark, number) for mark, number in marks if mark is not None)
    return found
