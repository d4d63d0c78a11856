"""`resolve`: closes now the threads of what was fixed, what left the change, and what people said no to."""

from __future__ import annotations

from collections.abc import Iterator

from workers.domain.adjudication import Fate
from workers.domain.command import Progress
from workers.experts.closing import GONE, Why, fates_of
from workers.github.render.fates import resolved_text
from workers.jobs.closer_values import End, Place, Tally
from workers.jobs.commands.act import Given, Outcome

CLOSING = GONE | {Fate.DISMISSED, Fate.DECLINED}
OFF = "Threads are not resolved here: `review.output.resolve_threads` is `false`."
NEVER = "There is no review of this pull request yet."
SILENT = frozenset({Why.NONE, Why.DONE})
"""Threads left for these reasons are no news."""


async def resolve(given: Given) -> Outcome:
    """By what the last review found: a push since then is judged by its own review."""
    if not given.rules.config.review.output.resolve_threads:
        return Outcome(OFF, Progress.REFUSED)
    seen = given.command.seen
    last, earlier = await given.stores.findings.read(seen.repo_id, seen.number)
    if last is None:
        return Outcome(NEVER)
    fates = fates_of([(one.finding.fingerprint, one.fate) for one in earlier])
    tally = await given.closer.tidy(place_of(given, last.head_sha), fates, closing=CLOSING)
    return Outcome(_told(tally))


def place_of(given: Given, head_sha: str) -> Place:
    """The pull request of a command, at a head; the job writes under its lease already."""
    seen = given.command.seen
    return Place(
        given.client,
        seen.installation_id,
        seen.repo_id,
        given.pull.full_name,
        seen.number,
        head_sha,
        given.bot_id,
        _under_the_lease,
    )


def _told(tally: Tally) -> str:
    left = {str(why): number for why, number in tally.left.items() if why not in SILENT}
    return resolved_text(tally.ends[End.RESOLVED], tally.ends[End.SAID], left, tuple(_notes(tally)))


def _notes(tally: Tally) -> Iterator[str]:
    if reopened := tally.ends[End.REOPENED]:
        yield f"Opened again, since their findings stand: {reopened}."
    if refused := tally.ends[End.REFUSED]:
        yield f"Refused by GitHub: {refused}."
    if later := tally.ends[End.LATER]:
        yield f"Not done yet, since one run goes so far: {later}; say it again."
    if not tally.whole:
        yield "Only the first 1,000 threads were looked at."


async def _under_the_lease() -> None:
    """Nothing to ask: see `Lease.writing`."""
