"""Review threads over GraphQL: REST knows neither whether one is resolved nor how to resolve it."""

from __future__ import annotations

from typing import Any

import structlog
from pydantic import BaseModel, Field

from workers.domain.threads import OurThread, OurThreads
from workers.github.markers import finding_in
from workers.github.render.fates import marked
from workers.github.rest import RestClient

log = structlog.get_logger(__name__)

THREADS_PER_PAGE = 100
PAGES_MAX = 10
LAST_COMMENTS = 20

# `databaseId` of comments ends at 32 bits, which their ids have passed.
_THREADS = f"""
query ($owner: String!, $name: String!, $number: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      reviewThreads(first: {THREADS_PER_PAGE}, after: $after) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{
          id
          isResolved
          resolvedBy {{ databaseId }}
          first: comments(first: 1) {{ nodes {{ fullDatabaseId body author {{ ...who }} }} }}
          last: comments(last: {LAST_COMMENTS}) {{ nodes {{ author {{ ...who }} }} }}
        }}
      }}
    }}
  }}
}}
fragment who on Actor {{
  __typename
  ... on Bot {{ databaseId }}
  ... on User {{ databaseId }}
}}
"""
_RESOLVE = "mutation ($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"
_REOPEN = "mutation ($id: ID!) { unresolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"


class _Actor(BaseModel):
    kind: str = Field("", alias="__typename")
    id: int | None = Field(None, alias="databaseId")


class _Comment(BaseModel):
    id: int | None = Field(None, alias="fullDatabaseId")
    body: str = ""
    author: _Actor | None = None


class _Comments(BaseModel):
    nodes: list[_Comment | None] | None = None

    @property
    def there(self) -> list[_Comment]:
        return [one for one in self.nodes or () if one is not None]


class _Thread(BaseModel):
    id: str
    resolved: bool = Field(alias="isResolved")
    resolved_by: _Actor | None = Field(None, alias="resolvedBy")
    first: _Comments
    last: _Comments


class _PageInfo(BaseModel):
    more: bool = Field(alias="hasNextPage")
    cursor: str | None = Field(None, alias="endCursor")


class _Page(BaseModel):
    info: _PageInfo = Field(alias="pageInfo")
    nodes: list[_Thread | None] | None = None


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
        page = _page(await client.graphql(_THREADS, where, reads=True))
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


def _page(data: Any) -> _Page:
    return _Page.model_validate(data["repository"]["pullRequest"]["reviewThreads"])


def _ours(thread: _Thread, bot_id: int) -> OurThread | None:
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


def _unanswered(last: list[_Comment], bot_id: int) -> bool:
    """Whether a person spoke after us: who is gone was one, other bots are none. Past the last 20 it counts as so."""
    for comment in reversed(last):
        author = comment.author
        if author is not None and author.id == bot_id:
            return False
        if author is None or author.kind != "Bot":
            return True
    return True
