"""A local repository's guidelines, as they stand where the change began."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from config.repository import RepositoryConfig
from workers.domain.change import Change
from workers.domain.guidelines import Guidelines, Place, places
from workers.experts.guidelines import GuidelineLimits, gathered
from workers.git.local import LocalLimits
from workers.git.texts import read_texts


async def local_guidelines(
    path: Path, change: Change, config: RepositoryConfig, limits: LocalLimits
) -> Guidelines:
    """What the merge base's files and the configuration tell the reviewers. Raises UserError for git's own trouble."""
    reading = GuidelineLimits()
    changed = [one for file in change.files for one in (file.path, file.old_path) if one]
    found: dict[str, Place] = {}

    def choose(tree: Container[str]) -> list[str]:
        there = [one for one in places(config.review.guidelines, changed, tree) if one.path in tree]
        found.update((one.path, one) for one in there[: reading.reads_max])
        return list(found)

    texts = await read_texts(path, change.base_sha, choose, limits)
    return gathered(
        ((found[name], text) for name, text in texts.items()), config.review.path_instructions, reading
    )
