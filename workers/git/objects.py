"""Trees and blobs of a repository as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workers.git.command import Git, GitError

REGULAR_MODES = ("100644", "100755")
LINK_MODE = "120000"


@dataclass(frozen=True, slots=True)
class Entry:
    """A path of a tree; `size_bytes` is None for a submodule."""

    path: str
    mode: str
    sha: str
    size_bytes: int | None


async def read_tree(git: Git, tree: str) -> dict[str, Entry]:
    """Every entry below `tree`, by path; bytes of a name that are no UTF-8 are surrogates."""
    out = await git.run("ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    return {entry.path: entry for entry in map(_entry, out.split(b"\0")[:-1])}


def _entry(row: bytes) -> Entry:
    about, path = row.split(b"\t", 1)
    mode, _, sha, size = about.decode().split()
    return Entry(path.decode("utf-8", "surrogateescape"), mode, sha, int(size) if size.isdigit() else None)


async def read_blobs(git: Git, shas: Iterable[str]) -> dict[str, bytes]:
    """The contents of blobs that exist; a missing one (of a partial clone) is left out."""
    wanted = list(dict.fromkeys(shas))
    if not wanted:
        return {}
    out = await git.run("cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in wanted).encode())
    return dict(_blobs(out))


def _blobs(out: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        sha, kind, *size = out[at:end].decode().split()
        at = end + 1
        if kind == "blob":
            length = int(size[0])
            yield sha, out[at : at + length]
            at += length + 1


async def resolve(git: Git, name: str) -> str | None:
    """The commit that `name` means, None if it means none."""
    try:
        out = await git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except GitError:
        return None
    return out.decode().strip()
