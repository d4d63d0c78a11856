"""`push`: what is merged to the default branch may want its documentation."""

from __future__ import annotations

from bot.events.repository import PushEvent
from bot.handlers.handler import Handler, Rules
from workers.domain.work import Priority, Want, Wish, WorkKey

PIPELINE = "docs"
COMMITS_LISTED_MAX = 2_048
NO_PULL = 0
"""The number of work that is of a repository as a whole."""


def _pushed(event: PushEvent, rules: Rules) -> tuple[Wish, ...]:
    if event.deleted or event.ref != f"refs/heads/{event.repository.default_branch}" or _ours(event, rules):
        return ()
    if _touches_pages_alone(event):
        return ()
    key = WorkKey(event.installation_id, event.repo_id, NO_PULL, PIPELINE)
    name = event.repository.full_name
    return (Want(key, name, Priority.PUSH, "push", rules.debounce_s, head_sha=event.after),)


def _ours(event: PushEvent, rules: Rules) -> bool:
    """Whether we pushed this, or its newest commit is ours: documentation of documentation would never end."""
    logins = {event.sender.login if event.sender else None}
    if event.head_commit is not None:
        signatures = (event.head_commit.author, event.head_commit.committer)
        logins |= {signature.username for signature in signatures if signature is not None}
    return bool(rules.bot) and rules.bot in logins


def _touches_pages_alone(event: PushEvent) -> bool:
    """Whether all that GitHub says was touched is Markdown: no module's page can be behind because of that.

    What a forced push took away is not listed, nor is everything of a very long one.
    """
    if event.forced or len(event.commits) >= COMMITS_LISTED_MAX:
        return False
    paths = [path for commit in event.commits for path in (*commit.added, *commit.removed, *commit.modified)]
    return bool(paths) and all(path.endswith(".md") for path in paths)


# A push has no action.
HANDLER = Handler("push", PushEvent, {"": _pushed})
