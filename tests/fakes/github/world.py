"""The state of the fake GitHub: everything that is remembered between requests."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.github.app import FakeApp
from tests.fakes.github.errors import not_found
from tests.fakes.github.faults import Faults
from tests.fakes.github.limits import Limits
from tests.fakes.github.values import (
    CheckRun,
    Happening,
    Installation,
    Issue,
    IssueComment,
    Pull,
    Reaction,
    Recorded,
    Repository,
    Review,
    ReviewComment,
    Token,
    User,
)

Emit = Callable[[str, str, Repository | None, dict[str, Any], User | None], None]


def _silent(
    event: str, action: str, repository: Repository | None, fields: dict[str, Any], sender: User | None
) -> None:
    """No webhook is configured yet."""


@dataclass
class World:
    """Tables by id. `clock` gives Unix seconds; `emit` hands an event to the webhook sender."""

    app: FakeApp
    clock: Callable[[], float]
    limits: Limits
    faults: Faults = field(default_factory=Faults)
    url: str = ""
    codeload_url: str = ""
    users: dict[str, User] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    repositories: dict[int, Repository] = field(default_factory=dict)
    former_names: dict[str, int] = field(default_factory=dict)
    pulls: dict[tuple[int, int], Pull] = field(default_factory=dict)
    issues: dict[tuple[int, int], Issue] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    review_comments: dict[int, ReviewComment] = field(default_factory=dict)
    issue_comments: dict[int, IssueComment] = field(default_factory=dict)
    resolved: dict[int, User] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    suites: dict[tuple[int, int, str], int] = field(default_factory=dict)
    dismissals_restricted: set[int] = field(default_factory=set)
    code_scanning: set[int] = field(default_factory=set)
    analyses: dict[tuple[int, str, str, str], dict[str, Any]] = field(default_factory=dict)
    labels: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)
    reactions: list[Reaction] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)
    archive_tokens: dict[str, tuple[int, str]] = field(default_factory=dict)
    requests: list[Recorded] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)
    observers: list[Callable[[Happening], None]] = field(default_factory=list)
    emit: Emit = _silent
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(100_001))

    def __post_init__(self) -> None:
        self.bot = User(self.app.bot_id, self.app.bot_login, "Bot")
        self.users[self.bot.login.lower()] = self.bot

    def next_id(self) -> int:
        """A fresh numeric id, unique over all resources."""
        return next(self.ids)

    def user(self, login: str, kind: str = "User") -> User:
        """The account with this login, created on first mention."""
        key = login.lower()
        if key not in self.users:
            self.users[key] = User(self.next_id(), login, "Bot" if login.endswith("[bot]") else kind)
        return self.users[key]

    def time(self, at: float | None) -> str | None:
        """GitHub's form of a time; None stays None."""
        return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def named(self, full_name: str) -> Repository | None:
        """The repository that has this name now; the case doesn't matter."""
        wanted = full_name.lower()
        return next((one for one in self.repositories.values() if one.full_name.lower() == wanted), None)

    def pull(self, repository: Repository, number: int) -> Pull:
        """A pull request, or 404."""
        try:
            return self.pulls[repository.id, number]
        except KeyError:
            raise not_found() from None

    def happened(self, kind: str, subject: Any) -> None:
        """Tell the observers."""
        happening = Happening(kind, subject, self.clock())
        for observer in self.observers:
            observer(happening)
