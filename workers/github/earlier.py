"""What we said before on a pull request, known by our markers and our author id."""

from __future__ import annotations

from pydantic import BaseModel

from workers.github.calls import Params
from workers.github.markers import finding_in
from workers.github.rest import RestClient

PAGES_MAX = 30


class _Author(BaseModel):
    id: int


class _Comment(BaseModel):
    body: str | None = None
    user: _Author | None = None


async def commented_fingerprints(
    client: RestClient, full_name: str, number: int, bot_id: int
) -> frozenset[str]:
    """Fingerprints of the findings that already have an inline or file comment of ours; the last 3,000 comments."""
    found: set[str] = set()
    path = f"/repos/{full_name}/pulls/{number}/comments"
    newest_first: Params = {"per_page": 100, "sort": "created", "direction": "desc"}
    async for page in client.pages(path, newest_first, pages_max=PAGES_MAX):
        comments = [_Comment.model_validate(item) for item in page]
        ours = (comment for comment in comments if comment.user and comment.user.id == bot_id)
        marks = (finding_in(comment.body or "") for comment in ours)  # what we quote may hold others
        found.update(mark for mark in marks if mark is not None)
    return frozenset(found)
