"""What somebody may do in a repository, asked at GitHub: what an event says of its sender is never enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args
from urllib.parse import quote

from pydantic import BaseModel

from config.commands import PERMISSIONS, Permission
from workers.github.errors import NotFoundError
from workers.github.rest import RestClient

NONE = "none"


class _User(BaseModel):
    id: int


class _Answer(BaseModel):
    permission: str
    role_name: str = ""
    user: _User | None = None


def allows(level: str, needed: str) -> bool:
    """Whether `level` is `needed` or more; "none", and what is no level, allows nothing."""
    return level in PERMISSIONS and PERMISSIONS.index(level) >= PERMISSIONS.index(needed)


class Permissions:
    """Levels of people in repositories, each kept for `ttl_s` seconds of the monotonic clock `now`."""

    def __init__(self, now: Callable[[], float], *, ttl_s: float = 60.0, entries_max: int = 10_000) -> None:
        self._now = now
        self._ttl_s = ttl_s
        self._entries_max = entries_max
        self._known: dict[tuple[int, int], tuple[str, float]] = {}

    async def level(self, client: RestClient, full_name: str, repo_id: int, login: str, user_id: int) -> str:
        """ "admin", "maintain", "write", "triage", "read" or "none".

        A login that belongs to another user by now has "none". Raises what the client raises, except for
        NotFoundError: without an answer nobody may do anything.
        """
        key = (repo_id, user_id)
        level, until = self._known.get(key, (NONE, 0.0))
        if key in self._known and self._now() < until:
            return level
        level = await _ask(client, full_name, login, user_id)
        self._keep(key, level)
        return level

    def _keep(self, key: tuple[int, int], level: str) -> None:
        self._known.pop(key, None)
        while len(self._known) >= self._entries_max:
            del self._known[
                next(iter(self._known))
            ]  # the oldest: each entry is written anew when it is renewed
        self._known[key] = (level, self._now() + self._ttl_s)


async def _ask(client: RestClient, full_name: str, login: str, user_id: int) -> str:
    path = f"/repos/{full_name}/collaborators/{quote(login, safe='')}/permission"
    try:
        answer = _Answer.model_validate(await client.get(path))
    except NotFoundError:
        return NONE
    if answer.user is None or answer.user.id != user_id:
        return NONE
    return next(
        (name for name in (answer.role_name, answer.permission) if name in get_args(Permission)), NONE
    )
