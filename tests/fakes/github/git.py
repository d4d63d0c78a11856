"""Reads and writes a real git repository the way GitHub's storage does: bare, without configuration or hooks."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.github.diff import DiffFile, parse_diff

_OPTIONS = (
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "safe.directory=*",
    "-c",
    "core.quotePath=false",
    "-c",
    "gc.auto=0",
)
_FULL_ID = re.compile("[0-9a-f]{40}")
LASTING_MAX, LASTING_BYTES = 4_000, 64 * 1024
"""How many answers of git are kept, and how long one of them may be."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One row of a tree: `type` is blob, tree or commit (a submodule); `size` in bytes for blobs."""

    mode: str
    type: str
    sha: str
    size: int | None
    path: str


@dataclass(frozen=True, slots=True)
class CommitInfo:
    """A commit as git stores it; times are Unix seconds."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: tuple[str, str, float]
    committer: tuple[str, str, float]
    message: str


class Git:
    """One bare repository. Objects are shared with the repository it was made from, refs are its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._diffs: dict[tuple[str, str], tuple[DiffFile, ...]] = {}
        self._lasting: dict[tuple[str, ...], bytes] = {}

    @classmethod
    def borrow(cls, source: Path, path: Path) -> Git:
        """A bare repository at `path` that reads the objects of `source` and never writes to it."""
        for folder in ("objects/info", "refs/heads"):
            (path / folder).mkdir(parents=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n")
        (path / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        origin = cls(source)
        (path / "objects/info/alternates").write_text(f"{origin._objects()}\n")
        git, refs = cls(path), origin.refs("refs/heads") | origin.refs("refs/tags")
        git.set_refs(refs)
        return git

    def _objects(self) -> Path:
        """Where the objects lie: in a bare, a working, or a linked working repository."""
        for folder in (self.path / ".git" / "objects", self.path / "objects"):
            if (folder / "info").is_dir() or (folder / "pack").is_dir():
                return folder.resolve()
        return (self.path / self.text("rev-parse", "--git-path", "objects")).resolve()

    def run(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """git's standard output; RuntimeError with its complaint."""
        return self._done(arguments, stdin, {})

    def _done(self, arguments: tuple[str, ...], stdin: bytes | None, extra: dict[str, str]) -> bytes:
        done = self._start(arguments, stdin, extra)
        if done.returncode:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def _start(
        self, arguments: tuple[str, ...], stdin: bytes | None = None, extra: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_LITERAL_PATHSPECS": "1",
            **(extra or {}),
        }
        command = ["git", *_OPTIONS, *arguments]
        return subprocess.run(
            command, cwd=self.path, env=environment, input=stdin or b"", capture_output=True, check=False
        )

    def _once(self, ids: Sequence[str], *arguments: str) -> bytes:
        """As `run`, without another process where it is known: what full ids name never changes."""
        if arguments in self._lasting:
            return self._lasting[arguments]
        said = self.run(*arguments)
        if all(_FULL_ID.fullmatch(one) for one in ids) and len(said) <= LASTING_BYTES:
            if len(self._lasting) >= LASTING_MAX:
                self._lasting.clear()
            self._lasting[arguments] = said
        return said

    def text(self, *arguments: str, stdin: bytes | None = None) -> str:
        """git's standard output without the last line end."""
        return self.run(*arguments, stdin=stdin).decode("utf-8", "replace").rstrip("\n")

    def resolve(self, name: str, kind: str = "commit") -> str | None:
        """The full id of a branch, tag, ref or (short) id, or None."""
        if _FULL_ID.fullmatch(name) and self.type_of(name) == kind:
            return name
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            done = self._start(
                ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{candidate}^{{{kind}}}")
            )
            if done.returncode == 0:
                return done.stdout.decode().strip()
        return None

    def type_of(self, sha: str) -> str | None:
        """blob, tree, commit or tag; None for an unknown id."""
        with contextlib.suppress(RuntimeError):
            return self._once([sha], "cat-file", "-t", sha).decode().strip()
        return None

    def merge_base(self, base: str, head: str) -> str:
        """The common ancestor that a pull request's diff starts from; `base` itself without one."""
        with contextlib.suppress(RuntimeError):
            return self._once([base, head], "merge-base", base, head).decode().strip()
        return base

    def commits(self, base: str, head: str) -> list[str]:
        """Ids of the commits of `head` that `base` lacks, oldest first."""
        words = ("rev-list", "--reverse", "--topo-order", f"{base}..{head}")
        return self._once([base, head], *words).decode().split()

    def touched(self, sha: str) -> dict[str, list[str]]:
        """The paths that a commit adds, removes and modifies, as a push tells them; none of a merge."""
        options = ("--root", "--no-commit-id", "--name-status", "--no-renames", "-r", "-z")
        parts = self.text("diff-tree", *options, sha).split("\0")
        kinds = {"A": "added", "D": "removed"}
        found: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
        for mark, path in zip(parts[::2], parts[1::2], strict=False):
            found[kinds.get(mark, "modified")].append(path)
        return found

    def diff(self, base: str, head: str) -> tuple[DiffFile, ...]:
        """What a pull request from `base` to `head` changes (three dots), cached."""
        start = self.merge_base(base, head)
        if (start, head) not in self._diffs:
            options = ("--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "--no-abbrev", "-l0")
            forms = ("--raw", "--numstat", "--patch", "--diff-algorithm=myers", "-z")
            self._diffs[start, head] = parse_diff(self.run("diff", *options, *forms, start, head))
        return self._diffs[start, head]

    def commit_info(self, sha: str) -> CommitInfo:
        """One commit's fields."""
        form = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"
        said = self._once([sha], "log", "-1", f"--format={form}", sha).decode("utf-8", "replace")
        parts = said.rstrip("\n").split("\0", 9)
        author = (parts[3], parts[4], float(parts[5]))
        committer = (parts[6], parts[7], float(parts[8]))
        return CommitInfo(
            parts[0], parts[1], tuple(parts[2].split()), author, committer, parts[9].rstrip("\n")
        )

    def tree(self, sha: str, *options: str, path: str = "") -> list[TreeEntry]:
        """Entries of a tree, or the one at `path`; `-r -t` as options walks into the trees below."""
        only = ("--", path) if path else ()
        rows = self._once([sha], "ls-tree", "-z", "--long", *options, sha, *only).split(b"\0")
        return [_entry(row) for row in rows if row]

    def entry(self, commit: str, path: str) -> TreeEntry | None:
        """What stands at `path` in a commit."""
        rows = self.tree(commit, path=path) if path else []
        return rows[0] if rows else None

    def blob(self, sha: str) -> bytes:
        """A blob's content."""
        return self._once([sha], "cat-file", "blob", sha)

    def archive(self, sha: str, prefix: str) -> bytes:
        """A gzipped tar of a commit; every path starts with `prefix`."""
        return self.run("archive", "--format=tar.gz", f"--prefix={prefix}", sha)

    def write_tree(self, rows: bytes) -> str:
        """Store a tree given as NUL-ended "mode id TAB path" rows; its id."""
        with tempfile.TemporaryDirectory(dir=self.path) as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            self._done(("update-index", "-z", "--index-info"), rows, index)
            return self._done(("write-tree",), None, index).decode().strip()

    def refs(self, pattern: str = "refs/") -> dict[str, str]:
        """Names and ids of the refs below `pattern`."""
        rows = self.text("for-each-ref", "--format=%(refname) %(objectname)", pattern).splitlines()
        return dict(row.split(" ") for row in rows)

    def set_refs(self, refs: Mapping[str, str]) -> None:
        """Move refs, wherever they stand."""
        if refs:
            rows = "".join(f"update {name} {sha}\n" for name, sha in refs.items())
            self.run("update-ref", "--stdin", stdin=rows.encode())

    def set_ref(self, name: str, sha: str, old: str | None = None) -> bool:
        """Move a ref if it stands at `old` (40 zeros: doesn't exist; None: wherever); whether it moved."""
        done = self._start(("update-ref", name, sha, *([old] if old else [])))
        return done.returncode == 0


def _entry(row: bytes) -> TreeEntry:
    head, _, path = row.partition(b"\t")
    mode, kind, sha, size = head.decode().split()
    return TreeEntry(mode, kind, sha, int(size) if size != "-" else None, path.decode("utf-8", "replace"))
