"""The files of `quorum tests`: the repository, the modules that are named, and the tests that are written."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.analysis.languages import language_of
from workers.analysis.source import SourceFile
from workers.analysis.testing.names import FAMILIES
from workers.domain.change import ChangedFile
from workers.domain.errors import UserError
from workers.experts.base import is_product
from workers.git.tree import Tree, TreeLimits, batches, list_tree
from workers.pipelines.coverage import classified, without_ignored


@dataclass(frozen=True, slots=True)
class Found:
    """`files` is the repository below `root` (path → text), `complete` whether all of it; `sources` the named modules.

    `left_out` are sentences about files that were named and are not read.
    """

    root: Path
    files: Mapping[str, str] = field(repr=False)
    complete: bool
    sources: tuple[SourceFile, ...]
    left_out: tuple[str, ...]


async def find(
    named: Sequence[str], ignored: Callable[[str], bool], limits: TreeLimits, text_max_bytes: int
) -> Found:
    """Read the repository around `named`. Raises UserError: nothing there, several repositories, git's trouble."""
    trees = [await list_tree(Path(file), limits) for file in named]
    if len({tree.root for tree in trees}) > 1:
        raise UserError("The files belong to several repositories; name those of one.")
    whole = await list_tree(trees[0].root, limits)
    files, complete = await asyncio.to_thread(_texts, whole, limits, text_max_bytes)
    wanted = sorted({path for tree in trees for path in tree.paths})
    read = await asyncio.to_thread(_read, wanted, whole, ignored, limits)
    modules = tuple(_source(one) for one in read if one.text and one.omitted is None)
    return Found(whole.root, files, complete, modules, tuple(_left_out(trees, read)))


def _texts(tree: Tree, limits: TreeLimits, text_max_bytes: int) -> tuple[dict[str, str], bool]:
    """Every text of the repository, as many as fit, and whether all did."""
    texts: dict[str, str] = {}
    left = text_max_bytes
    for batch in batches(tree, limits):
        for file in batch:
            left -= len(file.text or "")
            if left < 0:
                return texts, False
            if file.text is not None:
                texts[file.path] = file.text
    return texts, not tree.beyond


def _read(
    wanted: Sequence[str], tree: Tree, ignored: Callable[[str], bool], limits: TreeLimits
) -> tuple[ChangedFile, ...]:
    """The named files that could be tested: code, and no test itself; those that can't be say why."""
    some = Tree(tree.root, tuple(path for path in wanted if _is_code(path)), ())
    read = [file for batch in batches(some, limits) for file in batch]
    return without_ignored(classified(read, tree.attributes, limits.file_max_bytes), ignored)


def _source(file: ChangedFile) -> SourceFile:
    """Any line of a named file counts."""
    text = file.text or ""
    return SourceFile(file.path, text, language_of(file.path), frozenset(range(1, text.count("\n") + 2)))


def _is_code(path: str) -> bool:
    language = language_of(path)
    return language is not None and language in FAMILIES and is_product(path)


def _left_out(trees: Sequence[Tree], read: Sequence[ChangedFile]) -> Iterator[str]:
    """Code that can't be read, and what was named by itself and is none; what else a folder holds surprises nobody."""
    yield from (f"{one.path}: {one.omitted.value}" for one in read if one.omitted is not None)
    known = {one.path for one in read if one.text or one.omitted is not None}
    alone = [tree.paths[0] for tree in trees if len(tree.paths) == 1]
    yield from (f"{path}: nothing there that tests are written for" for path in alone if path not in known)


def write(root: Path, path: str, text: str) -> None:
    """Write a new file below `root`. Raises UserError, also when one is there or a link would lead elsewhere."""
    file = root / path
    try:
        if not _existing(file.parent).resolve().is_relative_to(root.resolve()):
            raise UserError(f"{file} would be written through a link; nothing was written there.")
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with open(descriptor, "w", encoding="utf-8", errors="replace", newline="") as stream:
            stream.write(text)
    except FileExistsError:
        raise UserError(f"{file} is there already; nothing was written there.") from None
    except OSError as error:
        raise UserError(f"Cannot write {file}: {error.strerror}.") from None


def _existing(folder: Path) -> Path:
    """The nearest folder that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())
