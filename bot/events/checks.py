"""`check_run` and `check_suite`."""

from __future__ import annotations

from pydantic import Field

from bot.events.model import Id, Model, Ref, RepositoryEvent, Sha, User, Word


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

    id: Id
    external_id: Word | None = None


class Button(Model):
    """Which of a check run's buttons was pressed."""

    identifier: Word = ""


class CheckRunEvent(RepositoryEvent):
    """`check_run`; `requested_action` is there when a button was pressed."""

    check_run: CheckRun
    requested_action: Button | None = None
    sender: User | None = None


class CheckSuiteEvent(RepositoryEvent):
    """`check_suite`."""

    check_suite: Check
