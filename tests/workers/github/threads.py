"""A review thread of ours at the fake GitHub."""

from __future__ import annotations

from tests.workers.github.octo import NAME, Octo
from workers.github.reviews import post_file_comment
from workers.github.values import FileComment, Posted


async def thread(octo: Octo, body: str = "look here") -> Posted:
    """The first comment of a thread on app.py."""
    comment = FileComment("app.py", body, "0123456789abcdef")
    return await post_file_comment(octo.client, NAME, 1, octo.sha, comment)
