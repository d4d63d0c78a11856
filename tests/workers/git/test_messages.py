"""What the commits of a local change say is read, and nothing that the repository names is run for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workers.git.test_local import commit, git, read, repository

__all__ = ["repository"]


async def test_messages_are_read_oldest_first_without_merges(repository: Path) -> None:
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "gpg.program", "/nowhere/gpg")
    git(repository, "switch", "-q", "-c", "topic")
    commit(repository, "Round prices\n\nHalf a cent goes up.")
    commit(repository, "Test it")
    git(repository, "switch", "-q", "main")
    commit(repository, "Elsewhere")
    git(repository, "switch", "-q", "topic")
    git(repository, "merge", "-q", "--no-edit", "main")
    change, _ = await read(repository, "main", "topic")
    assert change.commits == ("Round prices\n\nHalf a cent goes up.", "Test it")


@pytest.mark.parametrize("count", [0, 2])
async def test_with_the_files_on_disk_those_of_the_branch_are_read(repository: Path, count: int) -> None:
    git(repository, "switch", "-q", "-c", "topic")
    for number in range(count):
        commit(repository, f"Step {number}")
    (repository / "new.py").write_text("a = 1\n")
    change, _ = await read(repository, "main")
    assert change.commits == tuple(f"Step {number}" for number in range(count))
