"""What the demo reviews: the sample pull request, or any local git repository."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests import sample


class SubjectError(Exception):
    """The repository or a ref can't be used; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A git repository, the two commits that the pull request joins, and what it says of itself."""

    path: Path
    name: str
    base: str
    head: str
    title: str
    body: str
    is_sample: bool


def the_sample(folder: Path) -> Subject:
    """The sample pull request, built below `folder`."""
    built = sample.build(folder)
    title = "Export orders and notify customers"
    body = "Adds an export for the accountant, discounts, and mails to customers."
    return Subject(built.repository.path, "shop", built.base, built.head, title, body, True)


def local(path: str, base: str, head: str) -> Subject:
    """A local repository; raises SubjectError when it or a ref is not there. It is only read."""
    repository = Path(path).expanduser().resolve()
    base_sha, head_sha = (_commit(repository, ref) for ref in (base, head))
    title = _git(repository, "log", "-1", "--format=%s", head_sha)
    body = _git(repository, "log", "-1", "--format=%b", head_sha)
    return Subject(repository, repository.name or "repository", base_sha, head_sha, title, body, False)


def _commit(repository: Path, ref: str) -> str:
    return _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = done.stderr.strip() or f"git {' '.join(arguments)} found nothing"
        raise SubjectError(f"{repository}: {why}")
    return done.stdout.strip()
