"""The files on disk as a tree object, written beside the repository and without its filters."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

from workers.git.command import Git
from workers.git.objects import LINK_MODE

SUBMODULE_MODE = "160000"


async def write_worktree(git: Git, folder: Path) -> tuple[Git, str]:
    """A tree of the tracked files as they are on disk and the untracked ones that are not ignored.

    Objects and index go to `folder`; the repository is left as it was. The Git returned reads both. Content is
    taken byte for byte: line-end conversion and filters (also LFS) are the repository's programs and not run.
    """
    paths = await _listed(git)
    submodules = await _submodules(git)
    common = (
        (await git.run("rev-parse", "--git-path", "objects")).decode("utf-8", "surrogateescape").rstrip("\n")
    )
    objects = folder / "objects"
    objects.mkdir()
    beside = replace(
        git,
        environ={
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(os.fsencode(git.root / common)),
            "GIT_INDEX_FILE": str(folder / "index"),
        },
    )
    readable = [
        (path, mode, source)
        for path in paths
        if (found := _on_disk(git.root, path, folder))
        for mode, source in [found]
    ]
    lines = "\n".join(_quoted(os.fsencode(source)) for _, _, source in readable)
    out = await beside.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=lines.encode())
    rows = [(mode, sha, path) for (path, mode, _), sha in zip(readable, out.decode().split(), strict=True)]
    rows += [(SUBMODULE_MODE, sha, path) for path, sha in submodules.items()]
    index = b"".join(f"{mode} {sha}\t".encode() + os.fsencode(path) + b"\0" for mode, sha, path in rows)
    await beside.run("update-index", "-z", "--add", "--index-info", stdin=index)
    return beside, (await beside.run("write-tree")).decode().strip()


async def _listed(git: Git) -> list[str]:
    out = await git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [path.decode("utf-8", "surrogateescape") for path in dict.fromkeys(out.split(b"\0")[:-1])]


async def _submodules(git: Git) -> dict[str, str]:
    out = await git.run("ls-files", "-z", "--stage")
    rows = (row.split(b"\t", 1) for row in out.split(b"\0")[:-1])
    return {
        os.fsdecode(path): about.split()[1].decode()
        for about, path in rows
        if about.startswith(SUBMODULE_MODE.encode())
    }


def _on_disk(root: Path, path: str, folder: Path) -> tuple[str, Path] | None:
    """Mode and the file to read; None for what is gone, no file, unreadable, or behind a link to elsewhere."""
    place = root / path
    try:
        if place.parent.resolve() != (root / path).parent:
            return None
        mode = place.lstat().st_mode
        if stat.S_ISLNK(mode):
            return LINK_MODE, _link_text(place, folder)
    except OSError:
        return None
    if not stat.S_ISREG(mode) or not os.access(place, os.R_OK):
        return None
    return ("100755" if mode & stat.S_IXUSR else "100644"), place


def _link_text(link: Path, folder: Path) -> Path:
    """A file that holds what the link says, since git would follow the link itself."""
    target = folder / f"link-{len(os.listdir(folder))}"
    target.write_bytes(os.fsencode(os.readlink(link)))
    return target


def _quoted(name: bytes) -> str:
    return '"' + "".join(f"\\{byte:03o}" for byte in name) + '"'
