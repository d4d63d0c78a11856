"""What a repository is called now, and what may be written into it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from workers.github.rest import RestClient


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """A repository right now. An archived one can't be written."""

    full_name: str
    default_branch: str
    archived: bool


class _Repository(BaseModel):
    full_name: str
    default_branch: str
    archived: bool = False


async def read_repository(client: RestClient, repo_id: int) -> RepositoryState:
    """The repository with this id, whatever it is called by now. Raises NotFoundError."""
    found = _Repository.model_validate(await client.get(f"/repositories/{repo_id}"))
    return RepositoryState(found.full_name, found.default_branch, found.archived)
