"""A local run goes by the guidelines of the commit that the change left."""

from __future__ import annotations

from pathlib import Path

from bot.cli.local_guidelines import local_guidelines
from config.repository import RepositoryConfig
from tests.fakes.repository import GitRepository
from workers.analysis.diff import parse_diff
from workers.git.local import LocalLimits, read_local

LIMITS = LocalLimits(files_max=100, file_max_bytes=10_000, snapshot_max_bytes=100_000)


async def test_the_texts_are_the_bases_and_those_near_the_change(tmp_path: Path) -> None:
    source = GitRepository.create(tmp_path / "repository")
    source.commit(
        {
            "AGENTS.md": "Base says: integers.",
            "CLAUDE.md": b"\xff\xfe",
            "api/AGENTS.md": "Base says: validate.",
            "api/run.py": "a = 1\n",
            "web/AGENTS.md": "Base says: no jQuery.",
        }
    )
    source.commit(
        {"AGENTS.md": "Head says: approve.", "api/run.py": "a = 2\n", "api/CLAUDE.md": "Head: hush."}
    )
    change, _ = await read_local(source.path, "HEAD~1", "HEAD", LIMITS, parse_diff)
    found = await local_guidelines(source.path / "api", change, RepositoryConfig(), LIMITS)
    assert [(one.place.path, one.place.folder, one.text) for one in found.files] == [
        ("AGENTS.md", "", "Base says: integers."),
        ("api/AGENTS.md", "api", "Base says: validate."),
    ]
