"""`pull_request`."""

from __future__ import annotations

from bot.events.model import Id, Model, Present, RepositoryEvent, Sha, Word


class Commit(Model):
    """The tip of a branch."""

    sha: Sha


class PullRequest(Model):
    """The pull request of an event; its state is read again at GitHub."""

    head: Commit


class Changes(Model):
    """What an `edited` pull request had before: that it changed is read, from what is not."""

    base: Present | None = None
    title: Present | None = None


class Label(Model):
    """The label that was put on or taken off."""

    name: Word


class PullRequestEvent(RepositoryEvent):
    """`pull_request`."""

    number: Id
    pull_request: PullRequest
    changes: Changes | None = None
    label: Label | None = None
