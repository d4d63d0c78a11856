"""What the commits of a local change say."""

from __future__ import annotations

from dataclasses import dataclass

from workers.git.command import Git, GitError

COMMITS_MAX = 50
MESSAGE_MAX_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages, oldest first, and a sentence if they could not be read."""

    texts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


async def read_messages(git: Git, start: str, end: str) -> Messages:
    """The messages of the last 50 commits of `end` that `start` lacks, each cut at 2,000 characters; merges left out.

    rev-list, since `git log` would run the program that the repository names for looking at signatures.
    """
    options = ("--no-merges", f"--max-count={COMMITS_MAX}", "--topo-order", "--format=%B%x00")
    try:
        out = await git.run("rev-list", *options, end, f"^{start}", "--")
    except GitError:
        return Messages(notices=("The messages of the commits could not be read.",))
    rows = out.decode("utf-8", "replace").split("\0")[:-1]
    # each begins with the line "commit SHA"
    texts = (row.lstrip("\n").partition("\n")[2].strip() for row in reversed(rows))
    return Messages(tuple(text[:MESSAGE_MAX_CHARS] for text in texts if text))
