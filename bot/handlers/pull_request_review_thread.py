"""`pull_request_review_thread`: somebody resolved a thread or opened it again."""

from __future__ import annotations

from bot.events.comments import ReviewThreadEvent
from bot.handlers.handler import Handler, Rules
from workers.domain.work import ThreadSeen, Wish


def _seen(event: ReviewThreadEvent, *, resolved: bool) -> tuple[Wish, ...]:
    if event.sender is None or not event.thread.comments:
        return ()
    root, sender = event.thread.comments[0].thread_id, event.sender
    number = event.pull_request.number
    return (
        ThreadSeen(event.installation_id, event.repo_id, number, root, resolved, sender.id, sender.login),
    )


def _resolved(event: ReviewThreadEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, resolved=True)


def _unresolved(event: ReviewThreadEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, resolved=False)


HANDLER = Handler(
    "pull_request_review_thread", ReviewThreadEvent, {"resolved": _resolved, "unresolved": _unresolved}
)
