"""`check_run`: somebody pressed "Re-run", or another button, on a check of ours."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.grammar import Spoken
from bot.events.checks import CheckRunEvent
from bot.handlers.commanded import Place, commanded
from bot.handlers.handler import Handler, Rules
from bot.handlers.rerun import numbers, ours, rerun
from workers.domain.command import Source
from workers.domain.work import Wish, WorkKey

BUTTONS: Mapping[str, Spoken] = {
    "review": Spoken("review"),
    "review-full": Spoken("review", "full"),
    "pause": Spoken("pause"),
    "resume": Spoken("resume"),
}
"""Identifiers of our check runs' buttons. What else an event says it was is not followed."""


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
    # One run is of one pull request, though others may have the same head.
    found = _named(event) or numbers(event.check_run, event.repo_id)
    return rerun(event, found, event.check_run.head_sha, "check_run.rerequested")


def _pressed(event: CheckRunEvent, rules: Rules) -> tuple[Wish, ...]:
    """The command of a button; whether the one who pressed it may give it is asked as if they had written it."""
    if event.requested_action is None or event.sender is None or not ours(event.check_run, rules):
        return ()
    spoken = BUTTONS.get(event.requested_action.identifier)
    # One run is of one pull request, and one delivery is one command.
    found = (_named(event) or numbers(event.check_run, event.repo_id))[:1]
    if spoken is None or not found:
        return ()
    place = Place(event, found[0], Source.BUTTON, event.check_run.id)
    return commanded(place, event.sender, spoken)


# Only what people do is listed: our own `created` and `completed` would go round in circles, others' are not ours.
HANDLER = Handler("check_run", CheckRunEvent, {"rerequested": _rerequested, "requested_action": _pressed})
