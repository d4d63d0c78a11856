"""`issue_comment`, `pull_request_review_comment` and `pull_request_review_thread`."""

from __future__ import annotations

from pydantic import Field

from bot.events.model import Id, Model, Present, Ref, RepositoryEvent, User


class Comment(Model):
    """A comment; without a user when its writer's account is gone."""

    id: Id
    body: str | None = None
    user: User | None = None
    performed_via_github_app: Ref | None = None


class Issue(Model):
    """An issue; `pull_request` is there when it is one."""

    number: Id
    pull_request: Present | None = None


class IssueCommentEvent(RepositoryEvent):
    """`issue_comment`: on issues and on pull requests."""

    issue: Issue
    comment: Comment


class ThreadComment(Model):
    """A comment of a review thread, as the root of the thread knows it."""

    id: Id
    in_reply_to_id: Id | None = None

    @property
    def thread_id(self) -> int:
        """The id of the thread's first comment."""
        return self.in_reply_to_id or self.id


class ReviewComment(Comment, ThreadComment):
    """A comment on lines or a file of a pull request."""


class Numbered(Model):
    """The pull request of a comment or thread."""

    number: Id


class ReviewCommentEvent(RepositoryEvent):
    """`pull_request_review_comment`."""

    pull_request: Numbered
    comment: ReviewComment


class Thread(Model):
    """A review thread, its first comment first."""

    comments: tuple[ThreadComment, ...] = Field((), strict=False)


class ReviewThreadEvent(RepositoryEvent):
    """`pull_request_review_thread`."""

    pull_request: Numbered
    thread: Thread
    sender: User | None = None
