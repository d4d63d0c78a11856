"""What the fake remembers: users, installations, repositories, pulls, reviews, comments, checks, tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.github.git import Git

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


@dataclass
class User:
    """An account; `type` is User, Bot or Organization."""

    id: int
    login: str
    type: str = "User"


@dataclass
class Installation:
    """The app on one account; `permissions` is what the owner granted, at most the app's."""

    id: int
    account: User
    permissions: dict[str, str]
    repository_ids: set[int] = field(default_factory=set)
    suspended_at: float | None = None
    created_at: float = 0.0


@dataclass
class Repository:
    """A repository; `roles` are the collaborators' permissions by login, `installation_id` is None for forks.

    `restricted` are patterns of branches that the repository's rules let no app write.
    """

    id: int
    owner: User
    name: str
    git: Git
    default_branch: str
    installation_id: int | None
    created_at: float
    private: bool = True
    archived: bool = False
    parent: Repository | None = None
    roles: dict[str, str] = field(default_factory=dict)
    numbers: int = 0
    restricted: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """owner/name."""
        return f"{self.owner.login}/{self.name}"


@dataclass
class Pull:
    """A pull request; `previous_head` is what a stale replica still answers."""

    id: int
    number: int
    repository: Repository
    head_repository: Repository | None
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    title: str
    body: str
    author: User
    created_at: float
    updated_at: float
    state: str = "open"
    draft: bool = False
    labels: tuple[str, ...] = ()
    merged: bool = False
    closed_at: float | None = None
    closed_by: User | None = None
    previous_head: str | None = None


@dataclass
class Issue:
    """An issue that is no pull request."""

    id: int
    number: int
    repository: Repository
    title: str
    body: str
    author: User
    created_at: float
    state: str = "open"


@dataclass
class Review:
    """A review; state is PENDING, COMMENTED, APPROVED, CHANGES_REQUESTED or DISMISSED."""

    id: int
    pull: Pull
    user: User
    body: str
    state: str
    commit_id: str
    submitted_at: float | None


@dataclass
class ReviewComment:
    """A comment on a line (`subject_type` line) or a whole file; `line` is None once it is outdated."""

    id: int
    pull: Pull
    review_id: int | None
    user: User
    body: str
    path: str
    commit_id: str
    original_commit_id: str
    side: str
    line: int | None
    original_line: int | None
    start_line: int | None
    start_side: str | None
    position: int | None
    diff_hunk: str
    subject_type: str
    created_at: float
    updated_at: float
    in_reply_to_id: int | None = None


@dataclass
class IssueComment:
    """A comment in a pull request's conversation; `app_id` is set when an app wrote it."""

    id: int
    pull: Pull
    user: User
    body: str
    created_at: float
    updated_at: float
    app_id: int | None = None


@dataclass
class CheckRun:
    """A check run; `output` holds title, summary and text, annotations accumulate."""

    id: int
    repository: Repository
    suite_id: int
    app_id: int
    app_slug: str
    name: str
    head_sha: str
    external_id: str
    status: str
    conclusion: str | None
    started_at: float
    completed_at: float | None
    details_url: str
    output: dict[str, str | None] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Reaction:
    """One user's reaction to a comment; `subject` is (kind of comment, comment id)."""

    id: int
    subject: tuple[str, int]
    user: User
    content: str
    created_at: float

    @property
    def comment_id(self) -> int:
        """The comment's id; of a pull request's own reaction, the pull request's."""
        return self.subject[1]


@dataclass
class Token:
    """An installation token; times are Unix seconds."""

    text: str
    installation: Installation
    repository_ids: frozenset[int]
    selected: bool
    permissions: dict[str, str]
    expires_at: float

    @property
    def reaches(self) -> set[int]:
        """The repositories that it opens now: those it was minted for, as long as the installation has them."""
        ids = self.installation.repository_ids
        return ids & self.repository_ids if self.selected else set(ids)


@dataclass(frozen=True)
class Happening:
    """One change of state, as observers hear of it: "check_run.created", "pull_request_review.submitted" …"""

    kind: str
    subject: Any
    at: float


@dataclass(frozen=True)
class Recorded:
    """One answered (or cut: status 0) request."""

    method: str
    path: str
    status: int
    body: Any
    at: float
    headers: dict[str, str] = field(default_factory=dict, repr=False)
