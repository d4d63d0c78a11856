"""`review [full]`: review the present head now, whatever the rules skip."""

from __future__ import annotations

from workers.domain.command import Progress
from workers.domain.review import Verdict
from workers.github.render.answers import nothing_new_text
from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.wanting import want_work

WHOLE = frozenset({Verdict.CLEAN, Verdict.FINDINGS, Verdict.BLOCKING})


async def review(given: Given) -> Outcome:
    """Ask for a review, unless this very head was reviewed as a whole and `full` was not said."""
    seen, pull = given.command.seen, given.pull
    if pull.state != "open":
        return Outcome(f"The pull request is {pull.state}; there is nothing to review.", Progress.REFUSED)
    said = (await given.stores.pulls.read(seen.repo_id, seen.number)).said
    same = said is not None and (said.head_sha, said.base_sha) == (pull.head_sha, pull.base_sha)
    if said is not None and same and said.verdict in WHOLE and seen.arguments != "full":
        return Outcome(nothing_new_text(pull.head_sha))
    await ask(given)
    return Outcome(progress=Progress.WAITING)


async def ask(given: Given) -> None:
    """Want a review that nothing skips; its end answers the command."""
    await want_work(given, "review")
