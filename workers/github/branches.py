"""Branches by the Git Data API: read, made and moved forwards; never by force."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import BaseModel

from workers.github.errors import NotFoundError, RefusedError
from workers.github.rest import RestClient

RULES = (
    "rule violations",
    "protected branch",
    "creations being restricted",
    "push declined",
    "hook declined",
)
RACES = (
    "reference already exists",
    "not a fast forward",
    "reference cannot be updated",
    "reference does not exist",
)
EMPTY_STATUS = 409
EMPTY = (
    "This repository is empty: no branch holds a commit, so there is nothing to read and nowhere to write."
)


class BranchRefusedError(RefusedError):
    """The repository's rules let nobody like us write this branch: it will be the same tomorrow."""


class EmptyError(RefusedError):
    """Nobody has committed anything to the repository, or no branch of it is left."""


class BranchMovedError(Exception):
    """Somebody else was faster: what was read of the branch is no longer so."""


class _Object(BaseModel):
    sha: str


class _Ref(BaseModel):
    object: _Object


async def read_branch(client: RestClient, full_name: str, branch: str) -> str | None:
    """The sha that `branch` stands at; None when there is no such branch. EmptyError where there is no commit at all."""
    try:
        content = await client.get(f"/repos/{full_name}/git/ref/heads/{quote(branch)}")
    except NotFoundError:
        return None
    except RefusedError as error:
        if error.status == EMPTY_STATUS:
            raise EmptyError(EMPTY, status=error.status) from error
        raise
    return _Ref.model_validate(content).object.sha


async def write_branch(client: RestClient, full_name: str, branch: str, sha: str, *, exists: bool) -> None:
    """Make `branch` at `sha`, or move it there forwards.

    Raises BranchMovedError when it does (not) exist or stands beside `sha`, BranchRefusedError where rules forbid it.
    """
    try:
        if exists:
            path = f"/repos/{full_name}/git/refs/heads/{quote(branch)}"
            await client.patch_once(path, {"sha": sha, "force": False})
        else:
            await client.post(f"/repos/{full_name}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
    except RefusedError as error:
        raise _told(error, branch) from error


def _told(error: RefusedError, branch: str) -> Exception:
    said = str(error).lower()
    if error.status in (409, 422) and any(word in said for word in RACES):
        return BranchMovedError(str(error))
    if error.status in (403, 409, 422) and any(word in said for word in RULES):
        sentence = f"This repository's rules don't let Quorum write the branch `{branch}`: {error}"
        return BranchRefusedError(sentence, status=error.status)
    return error
