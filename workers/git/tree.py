"""The files of a folder on this machine, whether git knows it or not: listed at once, read a few at a time."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.domain.change import ChangedFile, FileStatus, Omission
from workers.domain.errors import UserError
from workers.git.command import Git, GitError

MIB = 1024 * 1024
ATTRIBUTES = ".gitattributes"


@dataclass(frozen=True, slots=True)
class TreeLimits:
    """Bounds of one reading: files listed, bytes of one file, files and bytes held at once, git's patience and speech."""

    files_max: int = 50_000
    file_max_bytes: int = 1 * MIB
    batch_files_max: int = 100
    batch_max_bytes: int = 1 * MIB
    output_max_bytes: int = 64 * MIB
    timeout_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies below `root`: paths relative to it, sorted. `beyond` paths are too many to be read.

    `attributes` is the text of the root's .gitattributes.
    """

    root: Path
    paths: tuple[str, ...]
    beyond: tuple[str, ...] = ()
    attributes: str = ""


async def list_tree(path: Path, limits: TreeLimits) -> Tree:
    """The files at or below `path`: of a repository what git tracks or does not ignore, else all of them.

    Raises UserError: nothing is there, or git's own trouble. Paths are relative to the repository's root, or to `path`.
    """
    start, repository = await asyncio.to_thread(_place, path)
    if repository is None:
        root, names = await asyncio.to_thread(_plain, start, limits.files_max + 1)
    else:
        root, listed = repository, await _listed(repository, limits)
        names = [name for name in listed if (root / name).is_relative_to(start)]
    paths = sorted(names)
    beyond = tuple(map(_shown, paths[limits.files_max :]))
    return Tree(root, tuple(paths[: limits.files_max]), beyond, _attributes(root, limits))


def batches(tree: Tree, limits: TreeLimits) -> Iterator[tuple[ChangedFile, ...]]:
    """The files of `tree`, each with a text or an omission; a batch is read only when it is asked for."""
    batch: list[ChangedFile] = []
    size = 0
    for path in tree.paths:
        file = _read(tree.root, path, limits.file_max_bytes)
        batch.append(file)
        size += len(file.text or "")
        if len(batch) >= limits.batch_files_max or size >= limits.batch_max_bytes:
            yield tuple(batch)
            batch, size = [], 0
    yield (*batch, *_left_out(tree.beyond))


def _left_out(paths: Iterable[str]) -> Iterator[ChangedFile]:
    return (ChangedFile(path, FileStatus.ADDED, omitted=Omission.BEYOND_LIMIT) for path in paths)


def _place(path: Path) -> tuple[Path, Path | None]:
    """What `path` means, and the repository around it if there is one."""
    start = path.resolve()
    if not start.exists():
        raise UserError(f"{path} does not exist.")
    return start, next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)


def _plain(start: Path, files_max: int) -> tuple[Path, list[str]]:
    """Root and names where there is no repository."""
    return (start.parent, [start.name]) if start.is_file() else (start, list(_walked(start, files_max)))


async def _listed(root: Path, limits: TreeLimits) -> Sequence[str]:
    git = Git(root, limits.timeout_s, limits.output_max_bytes, limits.file_max_bytes)
    try:
        out = await git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    except GitError as error:
        raise UserError(f"git could not read {root}: {error}") from error
    return [
        name
        for name in map(os.fsdecode, out.split(b"\0")[:-1])
        if (root / name).is_symlink() or (root / name).exists()
    ]


def _walked(root: Path, files_max: int) -> Iterator[str]:
    """Links to folders are not followed; the walk ends after `files_max` files."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            yield str((Path(folder) / name).relative_to(root))
            count += 1
            if count >= files_max:
                return


def _read(root: Path, path: str, file_max_bytes: int) -> ChangedFile:
    """The file with its text, or with the reason why it has none. No link is followed, also not of a folder above."""
    shown, place = _shown(path), root / path
    try:
        mode = place.lstat().st_mode
        if stat.S_ISLNK(mode) or place.parent.resolve() != place.parent:
            return ChangedFile(shown, FileStatus.ADDED, omitted=Omission.LINK, detail="not followed")
        if stat.S_ISDIR(mode):
            return ChangedFile(shown, FileStatus.ADDED, omitted=Omission.SUBMODULE)
        if not stat.S_ISREG(mode):  # a pipe would wait for its writer for ever
            return ChangedFile(shown, FileStatus.ADDED, omitted=Omission.UNREADABLE, detail="no regular file")
        content = _content(place, file_max_bytes)
    except OSError as error:
        return ChangedFile(shown, FileStatus.ADDED, omitted=Omission.UNREADABLE, detail=error.strerror or "")
    return _decoded(shown, content, file_max_bytes)


def _content(place: Path, file_max_bytes: int) -> bytes:
    """The file's bytes; one more than `file_max_bytes` where there are more."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as stream:
        return stream.read(file_max_bytes + 1)


def _decoded(path: str, content: bytes, file_max_bytes: int) -> ChangedFile:
    if b"\0" in content:
        return ChangedFile(path, FileStatus.ADDED, omitted=Omission.BINARY)
    if len(content) > file_max_bytes:
        detail = f"more than {file_max_bytes} bytes"
        return ChangedFile(path, FileStatus.ADDED, omitted=Omission.TOO_LARGE, detail=detail)
    try:
        return ChangedFile(path, FileStatus.ADDED, text=content.decode("utf-8"))
    except UnicodeDecodeError:
        return ChangedFile(path, FileStatus.ADDED, omitted=Omission.UNREADABLE, detail="not UTF-8")


def _attributes(root: Path, limits: TreeLimits) -> str:
    return _read(root, ATTRIBUTES, limits.file_max_bytes).text or ""


def _shown(path: str) -> str:
    """Without surrogates, which nothing could print."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
