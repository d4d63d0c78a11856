"""What is said about pull requests of our own: why one is left to people."""

from __future__ import annotations

CLOSED = "{who} closed it without merging it, and closed it stays. Reopen it to have Quorum go on."
STOPPED = (
    "people have committed to its branch, so Quorum adds nothing more. Once it is merged, Quorum goes on."
)
STRANGE_BRANCH = (
    "a branch `{branch}` stands in the way that Quorum did not make. Delete it to have Quorum go on."
)


def stopped_comment(marker: str) -> str:
    """That people's commits on the branch are left alone."""
    return (
        "Somebody else committed to this branch, so Quorum leaves it alone from now on: nothing is overwritten, and "
        f"nothing more is added. Once this is merged, Quorum goes on.\n\n{marker}"
    )
