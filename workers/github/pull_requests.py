"""The present state of a pull request."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from workers.domain.change import PullRequest
from workers.domain.errors import TransientError
from workers.domain.work import Claim
from workers.github.description import without_block
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient
from workers.github.timing import Sleep

SOON_S = 1.0
"""GitHub may answer 404 for a moment after it has sent the webhook."""


class UnseenError(NotFoundError):
    """The repository is there and shows no such pull request: not yet, or no more."""


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


async def read_claimed(client: RestClient, claim: Claim, *, sleep: Sleep = asyncio.sleep) -> PullRequest:
    """The pull request that `claim` is about; what isn't shown the first time is put off, and holds no slot.

    Raises TransientError for that, NotFoundError the second time. A repository that is handed on or deleted is gone
    before its event comes, which moves the work or takes it back.
    """
    key = claim.key
    try:
        return await read_pull(client, claim.full_name, key.number, key.repo_id)
    except UnseenError:
        if claim.attempts:
            raise
        await sleep(SOON_S)
    except NotFoundError as error:
        if claim.attempts:
            raise
        raise _once_more(error) from None
    try:
        return await read_pull(client, claim.full_name, key.number, key.repo_id)
    except NotFoundError as error:
        raise _once_more(error) from None


def _once_more(error: NotFoundError) -> TransientError:
    return TransientError(f"{error} It is looked for once more.")


async def read_pull(client: RestClient, full_name: str, number: int, repo_id: int) -> PullRequest:
    """The pull request of the repository whose id is `repo_id`, whatever it is called by now.

    A name can belong to another repository since the event (renamed, then recreated): the id decides, and a name
    that no longer fits is resolved anew. Raises NotFoundError, UnseenError where at least the repository is shown.
    """
    pull = await _read(client, full_name, number)
    if pull is not None and pull.repo_id == repo_id:
        return pull
    sentence = f"{full_name}#{number}: the installation sees no such"
    name = await _present_name(client, repo_id)
    if name is None:
        raise NotFoundError(f"{sentence} repository.", status=404)
    pull = await _read(client, name, number) if name != full_name else None
    if pull is None or pull.repo_id != repo_id:
        raise UnseenError(f"{sentence} pull request.", status=404)
    return pull


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
