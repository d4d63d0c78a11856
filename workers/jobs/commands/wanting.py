"""Commands whose work is a job of its own: it is wanted, claimed and tried again like any other, and its end answers."""

from __future__ import annotations

from workers.domain.command import Progress
from workers.domain.work import Priority, Want, WorkKey
from workers.jobs.commands.act import Given, Outcome


async def want_work(given: Given, pipeline: str) -> Outcome:
    """Want `pipeline`'s work on the pull request of the command, which waits for it (see `workers.jobs.asked`)."""
    seen, pull = given.command.seen, given.pull
    key = WorkKey(seen.installation_id, seen.repo_id, seen.number, pipeline)
    cause = f"command.{seen.name}"
    want = Want(key, pull.full_name, Priority.COMMAND, cause, head_sha=pull.head_sha, forced=True)
    await given.stores.commands.await_work(given.command.id, want)
    return Outcome(progress=Progress.WAITING)
