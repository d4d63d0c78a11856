"""Our own requests for changes: which of them stand, and how they are taken back."""

from __future__ import annotations

from pydantic import BaseModel

from workers.github.authored import PAGES_MAX
from workers.github.errors import UnprocessableError
from workers.github.rest import RestClient

REQUESTED, DISMISSED = "CHANGES_REQUESTED", "DISMISSED"


class _Author(BaseModel):
    id: int


class _Review(BaseModel):
    id: int
    state: str
    user: _Author | None = None


async def standing_requests(client: RestClient, full_name: str, number: int, bot_id: int) -> tuple[int, ...]:
    """The ids of the bot's own reviews that request changes; nobody else's are ours to take back."""
    found: list[int] = []
    path = f"/repos/{full_name}/pulls/{number}/reviews"
    async for page in client.pages(path, {"per_page": 100}, pages_max=PAGES_MAX):
        reviews = [_Review.model_validate(one) for one in page]
        found += [one.id for one in reviews if one.state == REQUESTED and one.user and one.user.id == bot_id]
    return tuple(found)


async def dismiss(client: RestClient, full_name: str, number: int, review_id: int, message: str) -> None:
    """Take one back with a sentence that everybody sees; one that was taken back already is no error.

    Where a branch says who may dismiss reviews, GitHub refuses (403) an App that isn't named there.
    """
    path = f"/repos/{full_name}/pulls/{number}/reviews/{review_id}/dismissals"
    try:
        await client.put(path, {"message": message, "event": "DISMISS"})
    except UnprocessableError:
        if not await is_dismissed(client, full_name, number, review_id):
            raise


async def is_dismissed(client: RestClient, full_name: str, number: int, review_id: int) -> bool:
    """Whether the review counts no longer."""
    content = await client.get(f"/repos/{full_name}/pulls/{number}/reviews/{review_id}")
    return _Review.model_validate(content).state == DISMISSED
