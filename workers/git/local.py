"""A change and its surroundings out of a repository on this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workers.domain.change import Change, ChangedFile, FileStatus, Hunk, Omission, Snapshot
from workers.domain.errors import UserError
from workers.git.command import Git, GitError
from workers.git.messages import Messages, read_messages
from workers.git.objects import LINK_MODE, REGULAR_MODES, Entry, read_blobs, read_tree, resolve
from workers.git.worktree import write_worktree

MIB = 1024 * 1024
ATTRIBUTES = ".gitattributes"
ParseDiff = Callable[[str], tuple[ChangedFile, ...]]
"""Reads `git diff` output; raises ValueError for what is none."""


@dataclass(frozen=True, slots=True)
class LocalLimits:
    """Bounds of one reading: changed files, bytes of one file, bytes of all texts, and of git's patience and speech."""

    files_max: int
    file_max_bytes: int
    snapshot_max_bytes: int
    output_max_bytes: int = 512 * MIB
    timeout_s: float = 120.0


async def read_local(
    path: Path, base: str, head: str | None, limits: LocalLimits, parse_diff: ParseDiff
) -> tuple[Change, Snapshot]:
    """What `head` changes since it left `base` (their merge base), and the texts of `head`'s tree.

    Without `head`, it is the files on disk: tracked ones as they are, and untracked ones that are not ignored,
    compared with the merge base of `base` and HEAD; `head_sha` is then the id of that tree. Nothing in the
    repository is run or written. Links and submodules are not followed. Every changed file has a text or an
    omission. Raises UserError: no repository, unknown name, no common ancestor, or git's own trouble.
    """
    root = root_of(path)
    git = Git(root, limits.timeout_s, limits.output_max_bytes, limits.file_max_bytes)
    try:
        start = await _merge_base(git, base, head or "HEAD")
        if head is not None:
            end = await _commit(git, head)
            return _told(
                await _read(git, start, end, limits, parse_diff), await read_messages(git, start, end)
            )
        with tempfile.TemporaryDirectory(prefix="quorum-") as folder:
            beside, tree = await write_worktree(git, Path(folder))
            read = await _read(beside, start, tree, limits, parse_diff)
        return _told(read, await read_messages(git, start, "HEAD"))
    except GitError as error:
        raise UserError(f"git could not read {root}: {error}") from error


def _told(read: tuple[Change, Snapshot], messages: Messages) -> tuple[Change, Snapshot]:
    """What was read, with what the commits say."""
    change, snapshot = read
    return replace(change, commits=messages.texts, notices=(*change.notices, *messages.notices)), snapshot


def root_of(path: Path) -> Path:
    """The nearest folder upwards that is a repository's working tree."""
    here = path.resolve()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    raise UserError(f"{path} is not inside a git repository.")


async def _commit(git: Git, name: str) -> str:
    if found := await resolve(git, name):
        return found
    hint = " The clone is shallow: `git fetch --unshallow` may bring it." if await _is_shallow(git) else ""
    raise UserError(f"{name!r} names no commit in {git.root}: check the spelling, or fetch it first.{hint}")


async def _merge_base(git: Git, base: str, head: str) -> str:
    commits = [await _commit(git, base), await _commit(git, head)]
    try:
        return (await git.run("merge-base", *commits)).decode().split()[0]
    except GitError:
        if await _is_shallow(git):
            raise UserError(
                f"The clone is shallow and does not reach where {head!r} left {base!r}: run `git fetch --unshallow`."
            ) from None
        raise UserError(f"{base!r} and {head!r} have no common ancestor: name another base.") from None


async def _is_shallow(git: Git) -> bool:
    return (await git.run("rev-parse", "--is-shallow-repository")).strip() == b"true"


async def _read(
    git: Git, start: str, end: str, limits: LocalLimits, parse_diff: ParseDiff
) -> tuple[Change, Snapshot]:
    entries = await read_tree(git, end)
    changed = await _changed(git, start, end, parse_diff)
    read, left_out = changed[: limits.files_max], changed[limits.files_max :]
    chosen, complete = _chosen([file.path for file in read], entries, limits)
    texts, omitted = await _texts(git, chosen)
    files = [_with_text(file, entries.get(file.path), texts, omitted, limits) for file in read]
    files += [replace(file, hunks=(), omitted=Omission.BEYOND_LIMIT) for file in left_out]
    detail = (
        "" if complete else f"Texts of the repository beyond {limits.snapshot_max_bytes} bytes were not read."
    )
    notices = (detail,) if detail else ()
    snapshot = Snapshot({_shown(path): text for path, text in texts.items()}, complete, detail, omitted)
    change = Change(
        start, end, tuple(map(_printable, files)), notices=notices, attributes=await _attributes(git, start)
    )
    return change, snapshot


async def _attributes(git: Git, start: str) -> str:
    """The text of the base's .gitattributes; "" if it has none."""
    entry = (await read_tree(git, start)).get(ATTRIBUTES)
    if entry is None or entry.mode not in REGULAR_MODES:
        return ""
    return (await read_blobs(git, [entry.sha])).get(entry.sha, b"").decode("utf-8", "replace")


async def _changed(git: Git, start: str, end: str, parse_diff: ParseDiff) -> tuple[ChangedFile, ...]:
    out = await git.run(
        "diff-tree", "-r", "-p", "--full-index", "--find-renames", "-l1000", "--no-ext-diff", "--no-textconv",
        "--no-color", "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/", start, end,
    )  # fmt: skip
    try:
        return parse_diff(out.decode("utf-8", "surrogateescape"))
    except ValueError as error:
        raise UserError(f"git's diff of {git.root} could not be read: {error}") from error


def _chosen(
    first: Sequence[str], entries: Mapping[str, Entry], limits: LocalLimits
) -> tuple[list[Entry], bool]:
    """Regular files that fit, the changed ones first; False when the sum was too small for one that fits alone."""
    chosen: list[Entry] = []
    complete = True
    left = limits.snapshot_max_bytes
    for path in dict.fromkeys([*first, *entries]):
        entry = entries.get(path)
        if (
            entry is None
            or entry.mode not in REGULAR_MODES
            or (entry.size_bytes or 0) > limits.file_max_bytes
        ):
            continue
        if (entry.size_bytes or 0) > left:
            complete = False
            continue
        left -= entry.size_bytes or 0
        chosen.append(entry)
    return chosen, complete


async def _texts(git: Git, chosen: Iterable[Entry]) -> tuple[dict[str, str], dict[str, Omission]]:
    chosen = list(chosen)
    blobs = await read_blobs(git, (entry.sha for entry in chosen))
    texts: dict[str, str] = {}
    omitted: dict[str, Omission] = {}
    for entry in chosen:
        content = blobs.get(entry.sha)
        text = Omission.UNREADABLE if content is None else _text(content)
        if isinstance(text, Omission):
            omitted[entry.path] = text
        else:
            texts[entry.path] = text
    return texts, omitted


def _text(content: bytes) -> str | Omission:
    if b"\0" in content:
        return Omission.BINARY
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return Omission.UNREADABLE


def _with_text(
    file: ChangedFile,
    entry: Entry | None,
    texts: Mapping[str, str],
    omitted: Mapping[str, Omission],
    limits: LocalLimits,
) -> ChangedFile:
    """The file with its text, or with the reason why it has none."""
    if file.status is FileStatus.REMOVED or entry is None:
        return replace(file, omitted=Omission.REMOVED)
    if entry.mode == LINK_MODE:
        return replace(file, omitted=Omission.LINK, detail="not followed")
    if (entry.size_bytes or 0) > limits.file_max_bytes:
        return replace(file, omitted=Omission.TOO_LARGE, detail=f"{entry.size_bytes} bytes")
    if file.omitted is not None:
        return file
    if file.path in texts:
        return replace(file, text=texts[file.path])
    reason = omitted.get(file.path, Omission.BEYOND_LIMIT)
    return replace(file, omitted=reason, detail="not UTF-8" if reason is Omission.UNREADABLE else "")


def _printable(file: ChangedFile) -> ChangedFile:
    """Without surrogates, which nothing could print or send: such a file was not read, only named."""
    return replace(
        file,
        path=_shown(file.path),
        old_path=None if file.old_path is None else _shown(file.old_path),
        hunks=tuple(_printable_hunk(hunk) for hunk in file.hunks),
    )


def _printable_hunk(hunk: Hunk) -> Hunk:
    return replace(hunk, lines=tuple(map(_shown, hunk.lines)), section=_shown(hunk.section))


def _shown(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
