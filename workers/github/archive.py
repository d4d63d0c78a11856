"""A repository archive unpacked in memory: texts only, everything bounded, nothing believed."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from dataclasses import dataclass, field

from workers.domain.change import Omission

MIB = 1024 * 1024
MALFORMED = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, OverflowError, RecursionError)


class ArchiveError(ValueError):
    """The archive can't be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SnapshotLimits:
    """Bounds of one snapshot. `unpacked_max_bytes` counts everything, `text_max_bytes` what is kept."""

    archive_max_bytes: int = 64 * MIB
    unpacked_max_bytes: int = 512 * MIB
    text_max_bytes: int = 64 * MIB
    file_max_bytes: int = 1 * MIB
    entries_max: int = 100_000
    blobs_max: int = 300


@dataclass(slots=True)
class Unpacked:
    """Texts by path, and why other files were left out."""

    texts: dict[str, str] = field(default_factory=dict, repr=False)
    omitted: dict[str, Omission] = field(default_factory=dict, repr=False)


def unpack(archive: bytes, limits: SnapshotLimits) -> Unpacked:
    """The files of a gzipped tar whose first folder is dropped, as GitHub's archives have one.

    Links, devices and submodules are left out, as are names that leave the archive. Raises ArchiveError when it is
    malformed or passes a limit. Takes processor time: call it in a thread.
    """
    bounded = _Bounded(gzip.GzipFile(fileobj=io.BytesIO(archive)), limits.unpacked_max_bytes)
    try:
        with tarfile.open(fileobj=bounded, mode="r|") as tar:
            return _read_members(tar, limits)
    except ArchiveError:
        raise
    except MALFORMED as error:
        raise ArchiveError(f"the archive is malformed ({type(error).__name__})") from error


def text_of(content: bytes) -> str | Omission:
    """`content` as text, or why it is none. A NUL makes it binary, as for git."""
    if b"\0" in content:
        return Omission.BINARY
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return Omission.UNREADABLE


class _Bounded(io.RawIOBase):
    """A stream that ends in ArchiveError once more than `max_bytes` came out of it."""

    def __init__(self, source: gzip.GzipFile, max_bytes: int) -> None:
        self._source = source
        self._left = max_bytes

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # one byte beyond what is left tells "just fits" from "too large"
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        block = self._source.read(wanted)
        self._left -= len(block)
        if self._left < 0:
            raise ArchiveError("the archive unpacks to more than its limit")
        return block


def _read_members(tar: tarfile.TarFile, limits: SnapshotLimits) -> Unpacked:
    unpacked = Unpacked()
    text_bytes = 0
    for count, member in enumerate(tar, start=1):
        if count > limits.entries_max:
            raise ArchiveError(f"the archive has more than {limits.entries_max} entries")
        if member.size > limits.unpacked_max_bytes:  # else the reader would seek through what is not there
            raise ArchiveError(f"`{member.name}` claims {member.size} bytes")
        tar.members = []  # type: ignore[attr-defined]  # else the reader keeps every header it has seen
        path = _path_inside(member.name)
        if path is None or member.isdir():
            continue
        text_bytes += _keep(unpacked, path, _content(tar, member, limits.file_max_bytes))
        if text_bytes > limits.text_max_bytes:
            raise ArchiveError(f"the repository holds more than {limits.text_max_bytes} bytes of text")
    return unpacked


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo, file_max_bytes: int) -> bytes | Omission:
    if member.issym():
        return Omission.LINK
    if not member.isreg() or member.issparse():
        return Omission.UNREADABLE
    if member.size > file_max_bytes:
        return Omission.TOO_LARGE
    stream = tar.extractfile(member)
    return stream.read() if stream else Omission.UNREADABLE


def _keep(unpacked: Unpacked, path: str, content: bytes | Omission) -> int:
    """File `content` under `path`; returns the bytes of text that were kept."""
    text = text_of(content) if isinstance(content, bytes) else content
    if isinstance(text, Omission):
        unpacked.omitted[path] = text
        return 0
    unpacked.texts[path] = text
    return len(content)


def _path_inside(name: str) -> str | None:
    """`name` below the archive's folder; None for the folder itself and for names no git tree can hold."""
    _, _, path = name.rstrip("/").partition("/")
    parts = path.split("/")
    unsafe = name.startswith("/") or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
    encodable = all(character >= " " and not "\ud800" <= character <= "\udfff" for character in path)
    return path if path and not unsafe and encodable else None
