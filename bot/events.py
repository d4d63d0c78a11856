"""The few payload fields that we read of GitHub's events, as frozen models; everything else is skipped unread."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

# What the database can hold: a number beyond it is another shape, found here and not by a failing commit.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Word = Annotated[str, Field(max_length=256, pattern=r"^[^\x00]*$")]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")]


class Model(BaseModel):
    """Strict, so that a text is never taken for a number; unknown fields are GitHub's to add."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Repository(Model):
    """The repository an event happened in."""

    id: Id
    full_name: Word


class Ref(Model):
    """Something named by its id alone."""

    id: Id


class Event(Model):
    """What every event says; ids are None where it concerns no installation or no single repository."""

    action: Word = ""

    @property
    def installation_id(self) -> int | None:
        """GitHub's id of the installation."""
        return None

    @property
    def repo_id(self) -> int | None:
        """GitHub's id of the repository."""
        return None


class RepositoryEvent(Event):
    """An event of one repository of one installation."""

    repository: Repository
    installation: Ref

    @property
    def installation_id(self) -> int:
        """GitHub's id of the installation."""
        return self.installation.id

    @property
    def repo_id(self) -> int:
        """GitHub's id of the repository."""
        return self.repository.id


class Commit(Model):
    """The tip of a branch."""

    sha: Sha


class PullRequest(Model):
    """The pull request of an event; its state is read again at GitHub."""

    head: Commit


class BaseChange(Model):
    """That the base branch changed; from what does not matter."""


class Changes(Model):
    """What an `edited` pull request had before."""

    base: BaseChange | None = None


class PullRequestEvent(RepositoryEvent):
    """`pull_request`."""

    number: Id
    pull_request: PullRequest
    changes: Changes | None = None


class App(Model):
    """The GitHub App that owns a check."""

    id: Id


class BaseRef(Model):
    """Where a pull request is to be merged."""

    repo: Ref


class PullRequestRef(Model):
    """A pull request named by a check; GitHub lists those of other repositories with the same head too."""

    number: Id
    base: BaseRef


class Check(Model):
    """What check runs and check suites have in common."""

    head_sha: Sha
    app: App | None = None
    pull_requests: tuple[PullRequestRef, ...] = Field((), strict=False)


class CheckRun(Check):
    """A check run; `external_id` is what its creator wrote there."""

    external_id: Word | None = None


class CheckRunEvent(RepositoryEvent):
    """`check_run`."""

    check_run: CheckRun


class CheckSuiteEvent(RepositoryEvent):
    """`check_suite`."""

    check_suite: Check


class Account(Model):
    """Who installed the app: a user or an organisation has a login, an enterprise a slug."""

    id: Id
    login: Word = Field("", validation_alias=AliasChoices("login", "slug"))


class Installation(Model):
    """An installation in full, as only its own events carry it."""

    id: Id
    account: Account
    permissions: dict[Word, Word] = Field(default_factory=dict)
    suspended_at: Word | None = None


class InstallationEvent(Event):
    """`installation`."""

    installation: Installation

    @property
    def installation_id(self) -> int:
        """GitHub's id of the installation."""
        return self.installation.id


class PingEvent(Event):
    """`ping`: GitHub's first delivery to a new webhook."""

    hook_id: Id
