"""The present state of a pull request."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from workers.domain.change import PullRequest
from workers.github.description import without_block
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient
from workers.github.timing import Sleep

VISIBLE_AFTER_S = (1.0, 2.0, 4.0)
"""GitHub may answer 404 for a while after it has sent the webhook."""


class _Account(BaseModel):
    id: int
    login: str


class _Label(BaseModel):
    name: str


class _Repository(BaseModel):
    id: int
    full_name: str


class _Side(BaseModel):
    ref: str
    sha: str
    repo: _Repository | None = None


class _Pull(BaseModel):
    number: int
    state: str
    draft: bool = False
    title: str
    body: str | None = None
    user: _Account | None = None
    labels: Sequence[_Label] = ()
    base: _Side
    head: _Side
    changed_files: int = 0
    additions: int = 0
    deletions: int = 0


@dataclass(frozen=True, slots=True)
class PullState:
    """What may change under a review: `state` is "open" or "closed"."""

    state: str
    head_sha: str


async def read_pull(
    client: RestClient,
    full_name: str,
    number: int,
    repo_id: int,
    *,
    sleep: Sleep = asyncio.sleep,
    waits_s: Sequence[float] = VISIBLE_AFTER_S,
) -> PullRequest:
    """The pull request of the repository whose id is `repo_id`, whatever it is called by now.

    A name can belong to another repository since the event (renamed, then recreated): the id decides, and a name
    that no longer fits is resolved anew. Raises NotFoundError when it can't be seen after all waits.
    """
    name = full_name
    for wait_s in (0.0, *waits_s):
        if wait_s:
            await sleep(wait_s)
        pull = await _read(client, name, number)
        if pull is not None and pull.repo_id == repo_id:
            return pull
        name = await _present_name(client, repo_id) or name
    raise NotFoundError(f"{full_name}#{number}: the installation sees no such pull request.", status=404)


async def read_state(client: RestClient, full_name: str, number: int) -> PullState:
    """Whether the pull request is open right now, and its head."""
    pull = _Pull.model_validate(await client.get(f"/repos/{full_name}/pulls/{number}"))
    return PullState(pull.state, pull.head.sha)


async def read_head(client: RestClient, full_name: str, number: int) -> str:
    """The sha of the pull request's head right now."""
    return (await read_state(client, full_name, number)).head_sha


async def _read(client: RestClient, full_name: str, number: int) -> PullRequest | None:
    try:
        content = await client.get(f"/repos/{full_name}/pulls/{number}")
    except NotFoundError:
        return None
    return _pull_request(_Pull.model_validate(content))


async def _present_name(client: RestClient, repo_id: int) -> str | None:
    try:
        content = await client.get(f"/repositories/{repo_id}")
    except NotFoundError:
        return None
    return _Repository.model_validate(content).full_name


def _pull_request(pull: _Pull) -> PullRequest:
    base_repo = pull.base.repo
    return PullRequest(
        repo_id=base_repo.id if base_repo else 0,
        full_name=base_repo.full_name if base_repo else "",
        number=pull.number,
        state=pull.state,
        draft=pull.draft,
        title=pull.title,
        body=without_block(pull.body or ""),
        author=pull.user.login if pull.user else "",
        author_id=pull.user.id if pull.user else 0,
        labels=tuple(label.name for label in pull.labels),
        base_ref=pull.base.ref,
        base_sha=pull.base.sha,
        head_ref=pull.head.ref,
        head_sha=pull.head.sha,
        head_repo_id=pull.head.repo.id if pull.head.repo else None,
        changed_files=pull.changed_files,
        changed_lines=pull.additions + pull.deletions,
    )
