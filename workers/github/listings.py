"""Listings to compare with: the App's installations, their repositories, a repository's open pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, Field

from workers.domain.work import InstallationSeen, RepositorySeen
from workers.github.calls import Params
from workers.github.rest import RestClient

PER_PAGE = 100
PAGES_MAX = 50
REPOSITORIES_MAX = PER_PAGE * PAGES_MAX
PULL_PAGES_MAX = 10


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation as GitHub has it, and when it was made (epoch seconds)."""

    seen: InstallationSeen
    installed_at: float


@dataclass(frozen=True, slots=True)
class OpenPull:
    """An open pull request in a listing; `updated_at` in epoch seconds."""

    number: int
    head_sha: str
    updated_at: float


class _Account(BaseModel):
    id: int
    login: str = ""


class _Installation(BaseModel):
    id: int
    account: _Account
    permissions: dict[str, str] = Field(default_factory=dict)
    suspended_at: AwareDatetime | None = None
    created_at: AwareDatetime


class _Repository(BaseModel):
    id: int
    full_name: str
    archived: bool = False
    default_branch: str = ""


class _Side(BaseModel):
    sha: str


class _Pull(BaseModel):
    number: int
    head: _Side
    updated_at: AwareDatetime


class _State(BaseModel):
    state: str


async def list_installations(app: RestClient) -> list[Installed]:
    """The App's installations, at most 5,000."""
    pages = app.pages("/app/installations", {"per_page": PER_PAGE}, pages_max=PAGES_MAX)
    return [_installed(_Installation.model_validate(row)) async for page in pages for row in page]


async def list_repositories(client: RestClient, installation_id: int) -> list[RepositorySeen]:
    """The repositories that an installation may see, at most 5,000; `client` must be one for all of them."""
    pages = client.pages("/installation/repositories", {"per_page": PER_PAGE}, pages_max=PAGES_MAX)
    rows = [_Repository.model_validate(row) async for page in pages for row in page["repositories"]]
    return [
        RepositorySeen(
            installation_id,
            one.id,
            one.full_name,
            "archived" if one.archived else "active",
            one.default_branch,
        )
        for one in rows
    ]


async def list_open_pulls(client: RestClient, full_name: str, since: float) -> Sequence[OpenPull]:
    """Open pull requests that something happened to since then (epoch seconds), the latest first; at most 1,000."""
    found: list[OpenPull] = []
    params: Params = {"state": "open", "sort": "updated", "direction": "desc", "per_page": PER_PAGE}
    async for page in client.pages(f"/repos/{full_name}/pulls", params, pages_max=PULL_PAGES_MAX):
        pulls = [_open_pull(_Pull.model_validate(row)) for row in page]
        found += (one for one in pulls if one.updated_at >= since)
        if any(one.updated_at < since for one in pulls):
            break
    return found


async def is_closed(client: RestClient, full_name: str, number: int) -> bool:
    """Whether a pull request is closed."""
    return _State.model_validate(await client.get(f"/repos/{full_name}/pulls/{number}")).state == "closed"


def _open_pull(row: _Pull) -> OpenPull:
    return OpenPull(row.number, row.head.sha, row.updated_at.timestamp())


def _installed(row: _Installation) -> Installed:
    state = "active" if row.suspended_at is None else "suspended"
    permissions = tuple(sorted(row.permissions.items()))
    seen = InstallationSeen(row.id, row.account.id, row.account.login, state, permissions)
    return Installed(seen, row.created_at.timestamp())
