"""`check_suite`: somebody pressed "Re-run all checks" and a suite of ours is among them."""

from __future__ import annotations

from bot.events.checks import CheckSuiteEvent
from bot.handlers.handler import Handler, Rules
from bot.handlers.rerun import numbers, ours, rerun
from workers.domain.work import HeadAgain, Wish

CAUSE = "check_suite.rerequested"


def _rerequested(event: CheckSuiteEvent, rules: Rules) -> tuple[Wish, ...]:
    suite, repository = event.check_suite, event.repository
    if not ours(suite, rules):
        return ()
    if listed := numbers(suite, event.repo_id):
        return rerun(event, listed, suite.head_sha, CAUSE)
    # GitHub lists no pull request for a head in a fork, and a suite has no external id: our own memory has to do.
    return (HeadAgain(event.installation_id, event.repo_id, repository.full_name, suite.head_sha, CAUSE),)


HANDLER = Handler("check_suite", CheckSuiteEvent, {"rerequested": _rerequested})
