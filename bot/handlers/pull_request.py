"""`pull_request`: what is opened, pushed or ready for another look is to be reviewed, what is closed no longer."""

from __future__ import annotations

from bot.events.pull_request import PullRequestEvent
from bot.handlers.handler import Handler, Rules
from config.labels import is_own
from workers.domain.work import Cancel, Priority, Want, Wish, WorkKey

PIPELINE = "review"
LAST = "outcomes"
"""What is wanted of a pull request that ends: people are heard once more."""


def _want(event: PullRequestEvent, priority: Priority, delay_s: float = 0.0) -> tuple[Wish, ...]:
    # Drafts are wanted too: the worker reads the configuration, and says in the check why it skips one.
    key = WorkKey(event.installation.id, event.repository.id, event.number, PIPELINE)
    cause = f"pull_request.{event.action}"
    return (
        Want(key, event.repository.full_name, priority, cause, delay_s, head_sha=event.pull_request.head.sha),
    )


def _opened(event: PullRequestEvent, _: Rules) -> tuple[Wish, ...]:
    return _want(event, Priority.OPENED)


def _pushed(event: PullRequestEvent, rules: Rules) -> tuple[Wish, ...]:
    return _want(event, Priority.PUSH, rules.debounce_s)


def _edited(event: PullRequestEvent, rules: Rules) -> tuple[Wish, ...]:
    # Another base is another diff. Another title may end a reason to skip, as a label that is taken off may: the worker
    # knows a head that it has judged. Another description is neither.
    if event.changes is None:
        return ()
    if event.changes.base is not None:
        return _want(event, Priority.PUSH)
    return _pushed(event, rules) if event.changes.title is not None else ()


def _unlabeled(event: PullRequestEvent, rules: Rules) -> tuple[Wish, ...]:
    # A label of ours follows from a review and leads to none: taking one off would stop the review that does it.
    return () if event.label is not None and is_own(event.label.name) else _pushed(event, rules)


def _closed(event: PullRequestEvent, _: Rules) -> tuple[Wish, ...]:
    installation_id, repository, number = event.installation.id, event.repository, event.number
    cause = "pull_request.closed"
    last = WorkKey(installation_id, repository.id, number, LAST)
    return (
        Cancel(installation_id, repository.id, number, cause),
        Want(last, repository.full_name, Priority.SWEEP, cause, head_sha=event.pull_request.head.sha),
    )


HANDLER = Handler(
    "pull_request",
    PullRequestEvent,
    {
        "opened": _opened,
        "reopened": _opened,
        "ready_for_review": _opened,
        "synchronize": _pushed,
        "edited": _edited,
        "unlabeled": _unlabeled,
        "converted_to_draft": _pushed,
        "closed": _closed,
    },
)
