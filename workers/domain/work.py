"""Wanted work: what an event asks for, and what a worker holds while it is at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from workers.domain.command import CommandSeen


class Priority(IntEnum):
    """Lower runs first."""

    COMMAND = 0
    OPENED = 10
    PUSH = 20
    SWEEP = 50


@dataclass(frozen=True, slots=True)
class WorkKey:
    """What is to be true of one pull request: the unit of level-triggered work. Ids are GitHub's numeric ids."""

    installation_id: int
    repo_id: int
    number: int
    pipeline: str

    def __str__(self) -> str:
        return f"{self.installation_id}:{self.repo_id}:{self.number}:{self.pipeline}"

    @classmethod
    def parse(cls, text: str) -> WorkKey:
        """The inverse of `str()`; raises ValueError for another shape."""
        installation_id, repo_id, number, pipeline = text.split(":", 3)
        return cls(int(installation_id), int(repo_id), int(number), pipeline)


@dataclass(frozen=True, slots=True)
class Want:
    """Raise the wanted generation of `key`. `delay_s` > 0 debounces (at most 60 s after the first want).

    `full_name` and `head_sha` are hints of the event, never trusted: the worker reads the present state.
    `forced` asks for a run although the head was reviewed already (re-run button, command).
    """

    key: WorkKey
    full_name: str
    priority: Priority
    cause: str
    delay_s: float = 0.0
    head_sha: str = ""
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nothing is wanted of this pull request any more (closed): running work stops before it posts."""

    installation_id: int
    repo_id: int
    number: int
    cause: str


@dataclass(frozen=True, slots=True)
class HeadAgain:
    """Review again what was last spoken of at this head, whatever pull requests that are."""

    installation_id: int
    repo_id: int
    full_name: str
    head_sha: str
    cause: str


@dataclass(frozen=True, slots=True)
class InstallationSeen:
    """What an installation event says: `state` is "active", "suspended" or "deleted"."""

    installation_id: int
    account_id: int
    account: str
    state: str
    permissions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RepositorySeen:
    """What an event says of a repository: `state` is "active", "archived", "removed" (not ours any more) or "deleted".

    Known by its id: another name renames it, another installation moves it, and its wanted work with it.
    `default_branch` is empty where the event does not say it.
    """

    installation_id: int
    repo_id: int
    full_name: str
    state: str
    default_branch: str = ""


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """That an account with installations is called `login` now."""

    account_id: int
    login: str


@dataclass(frozen=True, slots=True)
class ThreadSeen:
    """That somebody resolved or reopened a review thread; `comment_id` is its first comment."""

    installation_id: int
    repo_id: int
    number: int
    comment_id: int
    resolved: bool
    actor_id: int
    actor: str


Wish = Want | HeadAgain | Cancel | InstallationSeen | RepositorySeen | AccountSeen | ThreadSeen | CommandSeen


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on one generation of one work row: valid as long as its lease is kept alive."""

    key: WorkKey
    generation: int
    token: str
    full_name: str
    cause: str
    forced: bool
    attempts: int
    crashes: int
    head_sha: str = ""
