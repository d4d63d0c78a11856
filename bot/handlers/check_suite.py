"""`check_suite`: somebody pressed "Re-run all checks" and a suite of ours is among them."""

from __future__ import annotations

from bot.events.checks import CheckSuiteEvent
from bot.handlers.handler import Handler, Rules
from bot.handlers.rerun import numbers, ours, rerun
from workers.domain.work import Wish


def _rerequested(event: CheckSuiteEvent, rules: Rules) -> tuple[Wish, ...]:
    # A suite has no external id: for a head in a fork it names no pull request, so only its runs can be re-run.
    if not ours(event.check_suite, rules):
        return ()
    listed = numbers(event.check_suite, event.repo_id)
    return rerun(event, listed, event.check_suite.head_sha, "check_suite.rerequested")


HANDLER = Handler("check_suite", CheckSuiteEvent, {"rerequested": _rerequested})
