"""`dismiss <reason>`: in a thread of ours, drops its finding for good, and closes the thread."""

from __future__ import annotations

import structlog

from config.repository import ReviewRules
from workers.domain.command import Dismissal, Progress
from workers.domain.errors import UserError
from workers.github.markers import finding_in
from workers.github.render.answers import dismissed_text
from workers.github.replies import read_comment
from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.resolve import place_of
from workers.jobs.commands.review import ask

log = structlog.get_logger()

ELSEWHERE = "`/quorum dismiss` works as a reply in the thread of the finding that it drops."


async def dismiss(given: Given) -> Outcome:
    """Remember the reason; what shows a block is judged again at once, anything else at the next review."""
    seen = given.command.seen
    fingerprint = await _finding(given)
    if fingerprint is None:
        return Outcome(ELSEWHERE, Progress.REFUSED)
    dismissal = Dismissal(fingerprint, seen.arguments, seen.actor_id, seen.actor, given.now)
    await given.stores.dismissals.dismiss(seen.repo_id, seen.number, dismissal)
    await _close(given)
    text = dismissed_text(seen.actor, seen.arguments, given.sanitiser)
    if _shows_blocks(given.rules.config.review) and given.pull.state == "open":
        await ask(given)
        return Outcome(text, Progress.WAITING)
    return Outcome(text)


def _shows_blocks(rules: ReviewRules) -> bool:
    """Whether a finding that is dropped may still stop a merge: by a gate, a request for changes or a label."""
    return rules.required or rules.output.request_changes or rules.output.labels


async def _finding(given: Given) -> str | None:
    """The finding of the thread that the command was written in; only a comment of ours names one."""
    thread_id = given.command.seen.thread_id
    if thread_id is None:
        return None
    first = await read_comment(given.client, given.pull.full_name, thread_id)
    return finding_in(first.body) if first is not None and first.author_id == given.bot_id else None


async def _close(given: Given) -> None:
    """Whoever dismisses a finding has said the last word in its thread; where we may not resolve it stays open."""
    thread_id = given.command.seen.thread_id
    if thread_id is None or not given.rules.config.review.output.resolve_threads:
        return
    try:
        await given.closer.close(place_of(given, given.pull.head_sha), thread_id)
    except UserError as error:
        log.warning("a dismissed finding's thread stays open", error=str(error))
