"""`repository` and `push`."""

from __future__ import annotations

from bot.events.model import FullRepository, Model, Present, RepositoryEvent, Sha, User


class Changes(Model):
    """What an `edited` repository had before."""

    default_branch: Present | None = None


class RepositoryChangeEvent(RepositoryEvent):
    """`repository`."""

    repository: FullRepository
    changes: Changes | None = None


class Signature(Model):
    """Who wrote or committed; `username` is there when GitHub knows whose address it is."""

    username: str | None = None


class HeadCommit(Model):
    """The newest commit of a push."""

    author: Signature | None = None
    committer: Signature | None = None


class PushedCommit(Model):
    """A commit of a push: the paths that it touched, as far as GitHub lists them."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()


class PushEvent(RepositoryEvent):
    """`push`; it has no action. `ref` and paths are only compared, so they may be as long as git allows.

    GitHub lists 2,048 commits at most.
    """

    repository: FullRepository
    ref: str
    forced: bool = False
    commits: tuple[PushedCommit, ...] = ()
    after: Sha
    deleted: bool = False
    head_commit: HeadCommit | None = None
    sender: User | None = None
