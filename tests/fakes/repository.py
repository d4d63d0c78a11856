"""Builds real git repositories whose commit ids are the same on every run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

START = 1_700_000_000
"""Unix time of the first commit; each later one is a minute younger."""

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Mona Lisa",
    "GIT_AUTHOR_EMAIL": "mona@example.com",
    "GIT_COMMITTER_NAME": "Mona Lisa",
    "GIT_COMMITTER_EMAIL": "mona@example.com",
    "LC_ALL": "C",
}

Content = str | bytes | None


class GitRepository:
    """A working repository with deterministic author, dates and therefore commit ids."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits = 0

    @classmethod
    def create(cls, parent: Path, name: str = "shop", branch: str = "main") -> GitRepository:
        """An empty repository `parent/name` whose first branch is `branch`."""
        path = parent / name
        path.mkdir(parents=True)
        repository = cls(path)
        repository.git("init", "--quiet", f"--initial-branch={branch}", "--template=")
        repository.git("config", "gc.auto", "0")
        return repository

    def copy(self, path: Path) -> GitRepository:
        """The same repository once more, at `path`."""
        shutil.copytree(self.path, path, symlinks=True)
        twin = GitRepository(path)
        twin._commits = self._commits
        return twin

    @property
    def head(self) -> str:
        """Commit id of the checked-out branch."""
        return self.git("rev-parse", "HEAD").decode().strip()

    def git(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """Run git here without anybody's configuration or hooks; its standard output."""
        date = f"{START + 60 * self._commits} +0000"
        environment = {
            "PATH": os.environ["PATH"],
            **_ENVIRONMENT,
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
        }
        command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", *arguments]
        done = subprocess.run(
            command, cwd=self.path, env=environment, input=stdin, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def commit(self, files: Mapping[str, Content] | None = None, message: str = "Change files") -> str:
        """Write `files` (None deletes), stage everything, commit; the new commit id."""
        for path, content in (files or {}).items():
            self.write(path, content)
        self.git("add", "--all")
        return self._commit(message)

    def _commit(self, message: str) -> str:
        self.git("commit", "--quiet", "--allow-empty", "--no-gpg-sign", "-m", message)
        self._commits += 1
        return self.head

    def write(self, path: str, content: Content) -> None:
        """Write one file (None deletes it) without staging it."""
        target = self.path / path
        if content is None:
            target.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Create branch `name` at a commit and check it out."""
        self.git("checkout", "--quiet", "-b", name, at)

    def checkout(self, name: str) -> None:
        """Check out a branch or commit."""
        self.git("checkout", "--quiet", name)

    def rename(self, old: str, new: str) -> None:
        """Move a file and stage the move."""
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", old, new)

    def mode(self, path: str, *, executable: bool) -> None:
        """Change a file's mode bit."""
        (self.path / path).chmod(0o755 if executable else 0o644)

    def symlink(self, path: str, target: str) -> None:
        """Put a symbolic link at `path`, in the place of what was there."""
        link = self.path / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target)

    def commit_submodule(self, path: str, commit: str, message: str = "Move a submodule") -> str:
        """Record a submodule link at `path` that points to `commit` (of any repository) and commit it."""
        self.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
        return self._commit(message)

    def amend(self, files: Mapping[str, Content], message: str = "Change files, again") -> str:
        """Replace the last commit, as before a force-push; the new commit id."""
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--amend", "--no-gpg-sign", "-m", message)
        return self.head
