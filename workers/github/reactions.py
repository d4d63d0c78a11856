"""Reactions to comments: the quickest way to say that a command was seen, done, or refused."""

from __future__ import annotations

from typing import Literal

from workers.domain.command import Source
from workers.github.calls import Call
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient

Reaction = Literal["eyes", "rocket", "confused"]

_PLACES = {Source.COMMENT: "issues", Source.THREAD: "pulls"}


async def react(
    client: RestClient, full_name: str, source: Source, comment_id: int, content: Reaction
) -> None:
    """React to a comment. Twice is the same as once; a comment that is gone, and a button, get none."""
    place = _PLACES.get(source)
    if place is None:
        return
    path = f"/repos/{full_name}/{place}/comments/{comment_id}/reactions"
    try:
        # GitHub keeps one reaction of a kind for each user, so this POST may be sent again
        await client.send(Call("POST", path, json={"content": content}))
    except NotFoundError:
        return
