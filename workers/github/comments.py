"""The sticky summary: one comment a pull request, edited in place, known by its marker and its author."""

from __future__ import annotations

from workers.github.authored import find_authored, own, posted
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient
from workers.github.values import Posted


async def upsert_comment(
    client: RestClient,
    full_name: str,
    number: int,
    *,
    bot_id: int,
    marker: str,
    body: str,
    remembered_id: int | None = None,
) -> Posted:
    """Make `body`, which holds `marker`, the text of our one comment: created, edited, or left if it is the same.

    A lost answer to the creation is UnknownOutcomeError; calling this again finds the comment if it was created.
    """
    found = await _remembered(client, full_name, remembered_id, marker, bot_id)
    found = found or await find_comment(client, full_name, number, marker, bot_id)
    if found is None:
        return posted(await client.post(f"/repos/{full_name}/issues/{number}/comments", {"body": body}))
    if found.body == body:
        return found
    try:
        return posted(await client.patch(f"/repos/{full_name}/issues/comments/{found.id}", {"body": body}))
    except NotFoundError:  # deleted between reading and writing
        return posted(await client.post(f"/repos/{full_name}/issues/{number}/comments", {"body": body}))


async def find_comment(
    client: RestClient, full_name: str, number: int, marker: str, bot_id: int
) -> Posted | None:
    """Our oldest comment that holds `marker`; a stranger's with the same marker is not ours."""
    return await find_authored(client, f"/repos/{full_name}/issues/{number}/comments", marker, bot_id)


async def _remembered(
    client: RestClient, full_name: str, comment_id: int | None, marker: str, bot_id: int
) -> Posted | None:
    if comment_id is None:
        return None
    try:
        item = await client.get(f"/repos/{full_name}/issues/comments/{comment_id}")
    except NotFoundError:
        return None
    return own(item, marker, bot_id)
