"""What the hook asks of git, in the user's own environment: a hook is told by it which index is being committed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workers.domain.errors import UserError

TIMEOUT_S = 60.0
PARTIAL = "next-index-"
"""How git calls the index of a commit of named files."""
_NOBODY = {
    "GIT_AUTHOR_NAME": "quorum",
    "GIT_AUTHOR_EMAIL": "quorum@localhost",
    "GIT_AUTHOR_DATE": "@0 +0000",
    "GIT_COMMITTER_NAME": "quorum",
    "GIT_COMMITTER_EMAIL": "quorum@localhost",
    "GIT_COMMITTER_DATE": "@0 +0000",
}
"""Of a commit that no branch ever holds."""


@dataclass(frozen=True, slots=True)
class Hooked:
    """A working tree as git itself sees it."""

    root: Path
    environ: Mapping[str, str]

    def staged(self) -> tuple[str, ...]:
        """Paths that the commit adds or changes."""
        names = ("--cached", "--name-only", "-z", "--no-renames", "--diff-filter=ACM")
        return self._paths("diff", *names)

    def dirty(self) -> frozenset[str]:
        """Paths that are on disk in another state than in the index, and untracked ones that are not ignored."""
        changed = self._paths("diff", "--name-only", "-z", "--no-ext-diff")
        return frozenset((*changed, *self._paths("ls-files", "-z", "--others", "--exclude-standard")))

    def is_partial(self) -> bool:
        """Whether git commits named files alone, from an index of its own: what is staged there now the next commit
        takes back.
        """
        return Path(self.environ.get("GIT_INDEX_FILE", "")).name.startswith(PARTIAL)

    def add(self, paths: list[str]) -> None:
        """Stage `paths`."""
        self.run("--literal-pathspecs", "add", "--", *paths)

    def ends(self) -> tuple[str, str]:
        """Two commits that no branch holds: what is committed already, and what the index would make of it."""
        tree = self.run("write-tree").strip()
        base = self.run("rev-parse", "--verify", "--quiet", "HEAD", may_fail=True).strip()
        base = base or self._commit(self.run("hash-object", "-w", "-t", "tree", os.devnull).strip())
        return base, self._commit(tree, "-p", base)

    def hooks(self) -> Path:
        """The folder of this repository's hooks. UserError where all of a user's repositories share it."""
        setting = self.run("config", "--show-scope", "--get", "core.hooksPath", may_fail=True)
        scope, _, value = setting.strip().partition("\t")
        if value and scope in ("system", "global"):
            raise UserError(
                f"core.hooksPath is {value} for all of your repositories, so nothing was written there. For this one "
                "alone: git config core.hooksPath .git/hooks"
            )
        return self.root / self.run("rev-parse", "--git-path", "hooks").rstrip("\n")

    def run(self, *words: str, may_fail: bool = False) -> str:
        """Its standard output. Raises UserError with git's own words, unless it `may_fail`: then ""."""
        try:
            done = subprocess.run(  # noqa: S603 - words of our own, and no shell
                ["git", *words],  # noqa: S607 - the git of whoever commits
                cwd=self.root,
                env=dict(self.environ),
                capture_output=True,
                check=False,
                timeout=TIMEOUT_S,
            )
        except FileNotFoundError:
            raise UserError("git was not found on this machine: install it, or fix PATH.") from None
        except subprocess.TimeoutExpired:
            raise UserError(f"git {words[0]} took longer than {TIMEOUT_S:g} s.") from None
        if done.returncode:
            if may_fail:
                return ""
            raise UserError(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}")
        return os.fsdecode(done.stdout)

    def _paths(self, *words: str) -> tuple[str, ...]:
        return tuple(self.run(*words).split("\0")[:-1])

    def _commit(self, *words: str) -> str:
        told = Hooked(self.root, {**self.environ, **_NOBODY})
        return told.run("-c", "commit.gpgSign=false", "commit-tree", *words, "-m", "staged").strip()


def here(path: Path, environ: Mapping[str, str]) -> Hooked:
    """The working tree around `path`. Raises UserError where there is none."""
    root = Hooked(path, environ).run("rev-parse", "--show-toplevel").rstrip("\n")
    return Hooked(Path(root), environ)
