"""`resume`: pushes are reviewed again, the present head first."""

from __future__ import annotations

from workers.domain.command import Progress
from workers.github.render.answers import resumed_text
from workers.jobs.commands.act import Given, Outcome
from workers.jobs.commands.review import WHOLE, ask


async def resume(given: Given) -> Outcome:
    """Forget the pause, and ask for a review of the head unless it has one."""
    seen, pull = given.command.seen, given.pull
    said = (await given.stores.pulls.read(seen.repo_id, seen.number)).said
    await given.stores.pulls.resume(seen.repo_id, seen.number)
    if pull.state != "open" or (
        said is not None and said.head_sha == pull.head_sha and said.verdict in WHOLE
    ):
        return Outcome(resumed_text())
    await ask(given)
    return Outcome(progress=Progress.WAITING)
