"""`check_run`: somebody pressed "Re-run" on a check of ours."""

from __future__ import annotations

from bot.events import CheckRunEvent
from bot.handlers.handler import Handler, Rules
from bot.handlers.rerun import numbers, ours, rerun
from workers.domain.work import Wish, WorkKey


def _named(event: CheckRunEvent) -> tuple[int, ...]:
    """The pull request that `external_id` ("work key" or "work key:generation") names, if it is of this place.

    GitHub lists no pull requests for a head in a fork. The id is ours, but it travelled: one that names another
    installation or repository than the signed payload itself is not followed.
    """
    try:
        key = WorkKey.parse(event.check_run.external_id or "")
    except ValueError:
        return ()
    here = (key.installation_id, key.repo_id) == (event.installation_id, event.repo_id)
    return (key.number,) if here and 0 < key.number < 2**63 else ()


def _rerequested(event: CheckRunEvent, rules: Rules) -> tuple[Wish, ...]:
    if not ours(event.check_run, rules):
        return ()
    listed = numbers(event.check_run, event.repo_id)
    return rerun(event, listed or _named(event), event.check_run.head_sha, "check_run.rerequested")


# Only re-runs are listed: our own `created` and `completed` would go round in circles, others' are not ours.
HANDLER = Handler("check_run", CheckRunEvent, {"rerequested": _rerequested})
