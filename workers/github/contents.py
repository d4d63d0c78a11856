"""Texts of a repository at a commit: the whole of it for a review, single files for configuration."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from workers.domain.change import ChangedFile, FileStatus, Omission, Snapshot
from workers.domain.errors import TransientError, UserError
from workers.github.archive import ArchiveError, SnapshotLimits, Unpacked, text_of, unpack
from workers.github.errors import NotFoundError, ReplyTooLargeError
from workers.github.known_files import FileAt, Known
from workers.github.rest import RestClient
from workers.github.values import Blob

RAW = "application/vnd.github.raw+json"
TEXT_MAX_BYTES = 1024 * 1024
NOT_AT_HEAD = (Omission.REMOVED, Omission.SUBMODULE, Omission.BEYOND_LIMIT)


class _File(BaseModel):
    type: str
    sha: str = ""
    size: int = 0
    encoding: str = ""
    content: str = ""


async def read_snapshot(
    client: RestClient, full_name: str, head_sha: str, files: Sequence[ChangedFile], limits: SnapshotLimits
) -> Snapshot:
    """The texts of `full_name` at `head_sha`, in memory.

    An archive that passes a limit is given up for the blobs of the changed `files` alone; changed files that the
    archive lacks (`export-ignore`) are read as blobs too. In both cases the snapshot is not complete.
    """
    try:
        unpacked = await _read_archive(client, full_name, head_sha, limits)
    except (ArchiveError, ReplyTooLargeError) as error:
        unpacked, reason = Unpacked(), f"Only the changed files were read: {error}"
    else:
        reason = _export_gap(unpacked)
    missing = [file for file in files if _is_missing(file, unpacked)]
    await _read_blobs(client, full_name, missing[: limits.blobs_max], unpacked, limits.file_max_bytes)
    if missing and not reason:
        reason = f"The archive lacks {len(missing)} changed files, so it may lack others."
    return Snapshot(unpacked.texts, complete=not reason, detail=reason, omitted=unpacked.omitted)


async def read_text(client: RestClient, full_name: str, path: str, ref: str) -> str | None:
    """The text of one file at `ref`; see `read_file`."""
    blob = await read_file(client, full_name, path, ref)
    return None if blob is None else blob.text


async def read_file(client: RestClient, full_name: str, path: str, ref: str | None) -> Blob | None:
    """One file at `ref` (a sha or branch; None: the default branch); None if there is none, or no such repository.

    What `papers.read_ahead` learned of a commit is not asked again. Raises UserError for what is no UTF-8 file of at
    most 1 MB.
    """
    if ref is None or not _is_commit(ref):
        return await _asked(client, full_name, path, ref)
    place = FileAt(client.owner, full_name, ref, path)
    if (known := client.known.get(place)) is not None:
        return known.blob
    blob = await _asked(client, full_name, path, ref)
    if blob is not None:
        client.known.put(place, Known(blob))
    return blob


async def require_commit(client: RestClient, full_name: str, sha: str) -> None:
    """Raises TransientError when the commit can't be seen: what is not found in it may be there all the same."""
    try:
        await client.get(f"/repos/{full_name}/git/commits/{sha}")
    except NotFoundError:
        raise TransientError(f"{full_name}: GitHub does not show the commit {sha[:12]} yet.") from None


async def read_blob(client: RestClient, full_name: str, sha: str, max_bytes: int) -> str | None:
    """The text of a blob; None if it is gone, larger than `max_bytes`, or no text."""
    text = await _read_blob(client, full_name, sha, max_bytes)
    return None if isinstance(text, Omission) else text


def fill_texts(files: Iterable[ChangedFile], snapshot: Snapshot) -> tuple[ChangedFile, ...]:
    """`files` with their head texts, or with the reason why a text is missing."""
    return tuple(file if file.omitted in NOT_AT_HEAD else _filled(file, snapshot) for file in files)


def _filled(file: ChangedFile, snapshot: Snapshot) -> ChangedFile:
    text = snapshot.files.get(file.path)
    if text is None:
        reason = snapshot.omitted.get(file.path, Omission.UNREADABLE)
        return replace(file, text=None, omitted=file.omitted or reason)
    return _shown_without_lines(file, text) if file.omitted is Omission.BINARY else replace(file, text=text)


def _shown_without_lines(file: ChangedFile, text: str) -> ChangedFile:
    """A file that GitHub shows as if it were binary, and that is text: empty, its mode changed, or `-diff` is set."""
    detail = "GitHub shows no changed lines"
    is_new = file.status is FileStatus.ADDED and text
    omitted = Omission.NO_PATCH if is_new else Omission.NO_CONTENT_CHANGE
    return replace(file, text=text, omitted=omitted, detail=detail)


async def _asked(client: RestClient, full_name: str, path: str, ref: str | None) -> Blob | None:
    where = f"/repos/{full_name}/contents/{quote(path)}"
    try:
        content = await client.get(where, {"ref": ref} if ref is not None else None)
    except NotFoundError:
        return None
    try:
        file = _File.model_validate(content)
    except ValidationError:
        raise UserError(f"`{path}` is a folder; a file is expected there.") from None
    return Blob(_decoded(path, file), file.sha)


async def _read_archive(client: RestClient, full_name: str, sha: str, limits: SnapshotLimits) -> Unpacked:
    path = f"/repos/{full_name}/tarball/{sha}"
    archive = await client.get_bytes(path, max_bytes=limits.archive_max_bytes)
    return await asyncio.to_thread(unpack, archive, limits)


async def _read_blobs(
    client: RestClient, full_name: str, files: Iterable[ChangedFile], unpacked: Unpacked, file_max_bytes: int
) -> None:
    for file in files:
        text = await _read_blob(client, full_name, file.blob_sha or "", file_max_bytes)
        if isinstance(text, Omission):
            unpacked.omitted[file.path] = text
        else:
            unpacked.texts[file.path] = text


async def _read_blob(client: RestClient, full_name: str, sha: str, max_bytes: int) -> str | Omission:
    try:
        path = f"/repos/{full_name}/git/blobs/{sha}"
        return text_of(await client.get_bytes(path, max_bytes=max_bytes, accept=RAW))
    except ReplyTooLargeError:
        return Omission.TOO_LARGE
    except NotFoundError:
        return Omission.UNREADABLE


def _is_commit(ref: str) -> bool:
    """Whether `ref` is the whole id of a commit, which a branch could hardly be called."""
    return len(ref) in (40, 64) and all(sign in "0123456789abcdef" for sign in ref)


def _is_missing(file: ChangedFile, unpacked: Unpacked) -> bool:
    known = file.path in unpacked.texts or file.path in unpacked.omitted
    return bool(file.blob_sha) and not known and file.omitted not in NOT_AT_HEAD


def _export_gap(unpacked: Unpacked) -> str:
    attributes = (text for path, text in unpacked.texts.items() if path.endswith(".gitattributes"))
    if any("export-ignore" in text for text in attributes):
        return "The archive leaves out what .gitattributes marks as export-ignore."
    return ""


def _decoded(path: str, file: _File) -> str:
    if file.type != "file":
        raise UserError(f"`{path}` is a {file.type}; a file is expected there.")
    if file.size > TEXT_MAX_BYTES or file.encoding != "base64":
        raise UserError(f"`{path}` has {file.size} bytes; at most {TEXT_MAX_BYTES} are read.")
    try:
        return base64.b64decode(file.content).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise UserError(f"`{path}` is not UTF-8 text.") from None
