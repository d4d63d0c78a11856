"""Repositories of two commits made from bytes, and what git itself says of their difference."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Tree = Mapping[bytes, tuple[str, bytes]]
"""Path → (mode, content); the content of mode 160000 is a commit id."""

_ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """One row of `git diff --numstat`; both counts are None for a binary file."""

    path: bytes
    old_path: bytes
    added: int | None
    removed: int | None


def git(repository: Path, *arguments: str | bytes, stdin: bytes = b"") -> bytes:
    """Standard output of git, which must succeed."""
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True, env=_ENVIRONMENT).stdout


def build(repository: Path, *trees: Tree) -> list[str]:
    """A new bare repository with one commit a tree; the commits' ids, which depend on the trees alone."""
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True, env=_ENVIRONMENT)
    stream = b"".join(_commit(tree, number) for number, tree in enumerate(trees, start=1))
    git(repository, "fast-import", "--quiet", "--date-format=raw", stdin=stream + b"done\n")
    ids = git(repository, "rev-list", "--reverse", "refs/heads/main").decode().split()
    assert len(ids) == len(trees)
    return ids


def _commit(tree: Tree, number: int) -> bytes:
    lines = [
        b"commit refs/heads/main\n",
        b"committer T <t@example.org> %d +0000\n" % (1_700_000_000 + number),
    ]
    lines.append(b"data 1\nx\ndeleteall\n")
    for path, (mode, content) in tree.items():
        name = b'"%s"' % b"".join(b"\\%03o" % byte for byte in path)
        if mode == "160000":
            lines.append(b"M 160000 %s %s\n" % (content, name))
        else:
            lines.append(b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), name, len(content), content))
    return b"".join(lines)


def diff(repository: Path, base: str, head: str, *paths: bytes) -> str:
    """`git diff` with renames and copies found, decoded the way our readers decode it."""
    out = git(
        repository, "diff", "--no-ext-diff", "--no-textconv", "--find-renames", "--find-copies", base, head, "--", *paths
    )  # fmt: skip
    return out.decode("utf-8", "surrogateescape")


def numstat(repository: Path, base: str, head: str, *paths: bytes) -> list[Counts]:
    """Git's own counts of the same difference, one row a file."""
    out = git(
        repository, "diff", "--numstat", "-z", "--no-ext-diff", "--no-textconv", "--find-renames", "--find-copies",
        base, head, "--", *paths,
    )  # fmt: skip
    fields = iter(out.split(b"\0")[:-1])
    rows = []
    for field in fields:
        added, removed, path = field.split(b"\t", 2)
        old_path, path = (path, path) if path else (next(fields), next(fields))
        binary = added == b"-"
        rows.append(Counts(path, old_path, None if binary else int(added), None if binary else int(removed)))
    return rows


def blob(repository: Path, commit: str, path: bytes) -> list[str] | None:
    """The lines of a file at a commit, each without its "\\n"; None when there is no such file, or a submodule."""
    entry = git(repository, "--literal-pathspecs", "ls-tree", "-z", commit, "--", path)
    if not entry or entry.startswith(b"160000"):
        return None
    content = git(repository, "cat-file", "blob", entry.split()[2])
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    return lines[:-1] if lines[-1] == "" else lines
