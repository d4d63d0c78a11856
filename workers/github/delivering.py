"""Pull requests of our own: found by branch and author, opened once, kept up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from workers.github.branches import BranchMovedError
from workers.github.calls import Params
from workers.github.errors import UnprocessableError
from workers.github.rest import RestClient

PAGES_MAX = 3
EXISTS = "already exists"
NOTHING = "no commits between"


@dataclass(frozen=True, slots=True)
class OwnPull:
    """A pull request that we opened."""

    number: int
    url: str
    open: bool
    merged: bool
    title: str
    body: str = field(repr=False)


class NothingToOfferError(Exception):
    """The branch holds nothing that its base lacks."""


class _Author(BaseModel):
    id: int


class _Closer(BaseModel):
    login: str


class _Issue(BaseModel):
    closed_by: _Closer | None = None


class _Repository(BaseModel):
    id: int


class _Side(BaseModel):
    ref: str
    repo: _Repository | None = None


class _Pull(BaseModel):
    number: int
    html_url: str = ""
    state: str
    merged_at: str | None = None
    title: str
    body: str | None = None
    user: _Author | None = None
    head: _Side

    def is_ours(self, branch: str, repo_id: int, bot_id: int) -> bool:
        """Whether our bot opened it from our branch, and not somebody else from a fork's of the same name."""
        here = self.head.repo is not None and self.head.repo.id == repo_id
        return self.user is not None and self.user.id == bot_id and here and self.head.ref == branch

    def value(self) -> OwnPull:
        """As others see it."""
        merged, opened = self.merged_at is not None, self.state == "open"
        return OwnPull(self.number, self.html_url, opened, merged, self.title, self.body or "")


async def read_own_pulls(
    client: RestClient, full_name: str, repo_id: int, branch: str, bot_id: int
) -> Sequence[OwnPull]:
    """Our pull requests from `branch`, newest first, whatever became of them."""
    owner = full_name.partition("/")[0]
    wanted: Params = {
        "head": f"{owner}:{branch}",
        "state": "all",
        "sort": "created",
        "direction": "desc",
        "per_page": 100,
    }
    found: list[_Pull] = []
    async for page in client.pages(f"/repos/{full_name}/pulls", wanted, pages_max=PAGES_MAX):
        found += [_Pull.model_validate(item) for item in page]
    ours = [one.value() for one in found if one.is_ours(branch, repo_id, bot_id)]
    return sorted(ours, key=lambda one: one.number, reverse=True)


async def open_own_pull(
    client: RestClient, full_name: str, branch: str, base: str, title: str, body: str
) -> OwnPull:
    """Open one. Raises BranchMovedError when there is one already, NothingToOfferError when it would be empty."""
    said = {"head": branch, "base": base, "title": title, "body": body}
    try:
        content = await client.post(f"/repos/{full_name}/pulls", said)
    except UnprocessableError as error:
        if EXISTS in str(error).lower():
            raise BranchMovedError(str(error)) from error
        if NOTHING in str(error).lower():
            raise NothingToOfferError(str(error)) from error
        raise
    return _Pull.model_validate(content).value()


async def read_closer(client: RestClient, full_name: str, number: int) -> str:
    """The login of whoever closed a pull request; "" when GitHub doesn't say."""
    issue = _Issue.model_validate(await client.get(f"/repos/{full_name}/issues/{number}"))
    return issue.closed_by.login if issue.closed_by is not None else ""


async def retell(client: RestClient, full_name: str, number: int, title: str, body: str) -> None:
    """Bring title and body to this."""
    await client.patch(f"/repos/{full_name}/pulls/{number}", {"title": title, "body": body})
