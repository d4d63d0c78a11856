"""Where on the present diff our comments stand: what was said there is not to be said again."""

from __future__ import annotations

from pydantic import BaseModel

from workers.domain.improvement import Place
from workers.github.calls import Params
from workers.github.rest import RestClient

PAGES_MAX = 30
TITLE_MAX_CHARS = 200


class _Author(BaseModel):
    id: int


class _Comment(BaseModel):
    path: str = ""
    body: str | None = None
    line: int | None = None
    start_line: int | None = None
    in_reply_to_id: int | None = None
    user: _Author | None = None


async def own_lines(client: RestClient, full_name: str, number: int, bot_id: int) -> tuple[Place, ...]:
    """The lines of our comments that are not outdated, the latest first; of the last 3,000 comments."""
    path = f"/repos/{full_name}/pulls/{number}/comments"
    newest_first: Params = {"per_page": 100, "sort": "created", "direction": "desc"}
    found: list[Place] = []
    async for page in client.pages(path, newest_first, pages_max=PAGES_MAX):
        for one in map(_Comment.model_validate, page):
            ours = one.user is not None and one.user.id == bot_id and one.in_reply_to_id is None
            if ours and one.line is not None:
                title = (one.body or "").strip().partition("\n")[0][:TITLE_MAX_CHARS]
                found.append(Place(one.path, one.start_line or one.line, one.line, title))
    return tuple(found)
