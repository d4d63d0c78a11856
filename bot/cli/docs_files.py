"""The files of `quorum docs`: the modules that are read, and the pages that stand already and that are written."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.analysis.languages import is_test_path, language_of
from workers.analysis.pages.found import root_of
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import SourceFile
from workers.analysis.structure.jailed import structures
from workers.analysis.structure.read import READERS
from workers.domain.change import ChangedFile
from workers.domain.delivery_paths import objection
from workers.domain.errors import UserError
from workers.git.tree import Tree, TreeLimits, batches, list_tree
from workers.pipelines.coverage import classified, without_ignored
from workers.pipelines.docs import Source

PAGE_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """`root` is the repository's, `sources` the modules to be described, `others` the paths of all its modules.

    `left_out` are sentences about files that were named and are not read.
    """

    root: Path
    sources: tuple[Source, ...]
    others: tuple[str, ...]
    left_out: tuple[str, ...]


async def find(
    files: Sequence[str], ignored: Callable[[str], bool], limits: TreeLimits, sandbox: Sandbox
) -> Found:
    """Read the modules at or below `files`. Raises UserError: nothing there, several repositories, git's trouble."""
    trees = [await list_tree(Path(file), limits) for file in files]
    if len({tree.root for tree in trees}) > 1:
        raise UserError("The files belong to several repositories; name those of one.")
    root = trees[0].root
    whole = await list_tree(root, limits)
    wanted = sorted({path for tree in trees for path in tree.paths if _is_module(path)})
    read = await asyncio.to_thread(_read, Tree(root, tuple(wanted), (), whole.attributes), ignored, limits)
    sources = [SourceFile(one.path, one.text, language_of(one.path), frozenset()) for one in read if one.text]
    modules = await structures(sources, sandbox, JailLimits())
    texts = {one.path: one.text for one in sources}
    empty = {one.path for one in read if one.omitted is None and not one.text}
    return Found(
        root,
        tuple(Source(module, texts[module.path]) for module in modules),
        tuple(path for path in whole.paths if _is_module(path)),
        (
            *(f"{path}: no module of a language that is read" for tree in trees for path in _others(tree)),
            *(f"{tree.paths[0]}: nothing stands in it" for tree in trees if _alone(tree) in empty),
            *(f"{one.path}: {one.omitted.value}" for one in read if one.omitted is not None),
        ),
    )


def _others(tree: Tree) -> tuple[str, ...]:
    """What was named by itself and can't be described; what else lies in a folder is nobody's surprise."""
    return tree.paths if _alone(tree) and not _is_module(_alone(tree)) else ()


def _alone(tree: Tree) -> str:
    """The file that was named by itself; "" for a folder of several."""
    return tree.paths[0] if len(tree.paths) == 1 else ""


def _is_module(path: str) -> bool:
    return language_of(path) in READERS and not is_test_path(path)


def _read(tree: Tree, ignored: Callable[[str], bool], limits: TreeLimits) -> list[ChangedFile]:
    files = [file for batch in batches(tree, limits) for file in batch]
    marked = classified(files, tree.attributes, limits.file_max_bytes)
    return [one if one.omitted is None else _without_text(one) for one in without_ignored(marked, ignored)]


def _without_text(file: ChangedFile) -> ChangedFile:
    return ChangedFile(file.path, file.status, omitted=file.omitted, detail=file.detail)


def folder_of(root: Path, named: str) -> Path:
    """The folder of the pages of the repository at `root`, whose rules call it `named`. Raises UserError.

    A repository may be a stranger's: its rules lead neither out of it nor to where git, GitHub or a build reads.
    """
    inner = root_of(named)
    if why := objection(f"{inner}/page.md" if inner else "page.md", ("",)):
        raise UserError(f"`write.docs.folder` is {named!r}, where no page may stand: {why}.")
    folder = root.resolve() / inner
    if folder.resolve() != folder:
        raise UserError(f"{folder} is reached through a link; nothing was read or written there.")
    return folder


def existing(folder: Path) -> Mapping[str, str]:
    """The Markdown files below `folder`, by path from there. Links are not followed. Raises UserError."""
    try:
        return dict(_pages(folder))
    except OSError as error:
        raise UserError(f"Cannot read {error.filename}: {error.strerror}.") from None


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in sorted(folders) if not name.startswith(".")]
        for name in names:
            file = Path(place, name)
            if name.endswith(".md") and not file.is_symlink() and file.stat().st_size <= PAGE_MAX_BYTES:
                text = file.read_text(encoding="utf-8", errors="replace")
                yield file.relative_to(folder).as_posix(), text


def write(folder: Path, path: str, text: str) -> None:
    """Write a page below `folder`. Raises UserError, also when a link would lead it elsewhere."""
    file = folder / path
    if file.is_symlink() or not file.parent.resolve().is_relative_to(folder.resolve()):
        raise UserError(f"{file} would be written through a link; nothing was written there.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"Cannot write {file}: {error.strerror}.") from None
