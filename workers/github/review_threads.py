"""Review threads over GraphQL: REST knows neither whether one is resolved nor how to resolve it."""

from __future__ import annotations

from typing import Any

import structlog

from workers.domain.threads import OurThread, OurThreads
from workers.github.markers import finding_in
from workers.github.render.fates import marked
from workers.github.rest import RestClient
from workers.github.review_thread_shapes import THREADS, THREADS_PER_PAGE, Comment, Page, Thread

log = structlog.get_logger(__name__)

PAGES_MAX = 10
_RESOLVE = "mutation ($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"
_REOPEN = "mutation ($id: ID!) { unresolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"


async def read_our_threads(
    client: RestClient, full_name: str, number: int, bot_id: int, pages_max: int = PAGES_MAX
) -> OurThreads:
    """The threads that began with a finding of ours, by its author's id and its marker; out of the first 1,000.

    One request for each 100 threads of the pull request.
    """
    owner, _, name = full_name.partition("/")
    found: list[OurThread] = []
    cursor: str | None = None
    for _ in range(pages_max):
        where = {"owner": owner, "name": name, "number": number, "after": cursor}
        page = _page(await client.graphql(THREADS, where, reads=True))
        threads = (_ours(one, bot_id) for one in page.nodes or () if one is not None)
        found += [one for one in threads if one is not None]
        if not page.info.more or page.info.cursor is None:
            return OurThreads(tuple(found))
        cursor = page.info.cursor
    log.warning("github.threads_cut", pull=f"{full_name}#{number}", threads_max=pages_max * THREADS_PER_PAGE)
    return OurThreads(tuple(found), whole=False)


async def resolve_thread(client: RestClient, node_id: str) -> None:
    """Resolve a thread; one that is resolved stays so. PermissionMissingError without `contents: write`."""
    await client.graphql(_RESOLVE, {"id": node_id}, repeatable=True)


async def reopen_thread(client: RestClient, node_id: str) -> None:
    """Open a thread again; the same permission."""
    await client.graphql(_REOPEN, {"id": node_id}, repeatable=True)


async def edit_review_comment(client: RestClient, full_name: str, comment_id: int, body: str) -> None:
    """Give our own comment another text; NotFoundError when somebody deleted it."""
    await client.patch(f"/repos/{full_name}/pulls/comments/{comment_id}", {"body": body})


def _page(data: Any) -> Page:
    return Page.model_validate(data["repository"]["pullRequest"]["reviewThreads"])


def _ours(thread: Thread, bot_id: int) -> OurThread | None:
    first = next(iter(thread.first.there), None)
    if first is None or first.id is None or first.author is None or first.author.id != bot_id:
        return None
    fingerprint = finding_in(first.body)
    if fingerprint is None:
        return None
    return OurThread(
        thread.id,
        first.id,
        fingerprint,
        first.body,
        marked=marked(first.body),
        resolved=thread.resolved,
        resolved_by=thread.resolved_by.id if thread.resolved_by else None,
        unanswered=_unanswered(thread.last.there, bot_id),
    )


def _unanswered(last: list[Comment], bot_id: int) -> bool:
    """Whether a person spoke after us: who is gone was one, other bots are none. Past the last 20 it counts as so."""
    for comment in reversed(last):
        author = comment.author
        if author is not None and author.id == bot_id:
            return False
        if author is None or author.kind != "Bot":
            return True
    return True
