"""The sample pull request of demo, journeys and benchmarks: ten files, with flaws that are really there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.fakes.repository import GitRepository

FIXTURE = Path(__file__).parent / "fixtures" / "shop"


@dataclass(frozen=True, slots=True)
class Sample:
    """A real git repository with `main` at `base` and the branch `export` at `head`."""

    repository: GitRepository
    base: str
    head: str


def tree(folder: Path) -> dict[str, str]:
    """Path → text of every file below `folder`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def build(parent: Path) -> Sample:
    """Build the sample below `parent`; commit ids are the same on every run."""
    repository = GitRepository.create(parent)
    base = repository.commit(tree(FIXTURE / "base"), "Open the shop")
    repository.branch("export")
    head = repository.commit(tree(FIXTURE / "head"), "Export orders and notify customers")
    repository.checkout("main")
    return Sample(repository, base, head)
