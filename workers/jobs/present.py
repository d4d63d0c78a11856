"""Whether what was thought about is still what is there, asked right before it is written."""

from __future__ import annotations

from workers.domain.change import PullRequest
from workers.domain.errors import SupersededError
from workers.github.client import InstallationClient
from workers.github.pull_requests import read_state


async def still_there(client: InstallationClient, pull: PullRequest) -> None:
    """Raises SupersededError when `pull` was closed or got another head: the row stays wanted, for the present one."""
    present = await read_state(client, pull.full_name, pull.number)
    if present.state != "open":
        raise SupersededError(f"The pull request was {present.state} meanwhile.")
    if present.head_sha != pull.head_sha:
        raise SupersededError(
            f"The head moved from {pull.head_sha[:12]} to {present.head_sha[:12]} meanwhile."
        )
