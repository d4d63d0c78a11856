"""Archives are written by strangers: bounded, nothing outside the tree, texts only."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.change import Omission
from workers.github.archive import ArchiveError, SnapshotLimits, text_of, unpack

LIMITS = SnapshotLimits()
Edit = Callable[[tarfile.TarInfo], None]


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def packed(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def test_the_archives_own_folder_is_dropped() -> None:
    archive = packed(
        member("octo-shop-abc/", type=tarfile.DIRTYPE), member("octo-shop-abc/src/a.py", b"a = 1\n")
    )
    assert unpack(archive, LIMITS).texts == {"src/a.py": "a = 1\n"}


def test_text_keeps_its_line_ends_and_byte_order_mark() -> None:
    content = "\ufeffa\r\nb\rc\u2028d".encode()
    assert unpack(packed(member("r/a", content)), LIMITS).texts == {"a": "\ufeffa\r\nb\rc\u2028d"}


def test_long_names_are_whole() -> None:
    name = "/".join(["r"] + ["folder" * 5] * 8 + ["ünïcode.py"])
    assert list(unpack(packed(member(name, b"x")), LIMITS).texts) == [name.removeprefix("r/")]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\x89PNG\0", Omission.BINARY), (b"caf\xe9", Omission.UNREADABLE)]
)
def test_what_is_no_text_is_named(content: bytes, reason: Omission) -> None:
    assert text_of(content) is reason
    assert unpack(packed(member("r/a", content)), LIMITS).omitted == {"a": reason}


def test_a_file_above_its_limit_is_named() -> None:
    unpacked = unpack(
        packed(member("r/a", b"x" * 11), member("r/b", b"x" * 10)), SnapshotLimits(file_max_bytes=10)
    )
    assert unpacked.omitted == {"a": Omission.TOO_LARGE}
    assert list(unpacked.texts) == ["b"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, Omission.LINK),
        (tarfile.LNKTYPE, Omission.UNREADABLE),
        (tarfile.CHRTYPE, Omission.UNREADABLE),
        (tarfile.BLKTYPE, Omission.UNREADABLE),
        (tarfile.FIFOTYPE, Omission.UNREADABLE),
    ],
)
def test_links_and_devices_are_left_out(kind: bytes, reason: Omission) -> None:
    unpacked = unpack(
        packed(member("r/evil", type=kind, linkname="/etc/passwd"), member("r/a", b"x")), LIMITS
    )
    assert unpacked.texts == {"a": "x"}
    assert unpacked.omitted == {"evil": reason}


@pytest.mark.parametrize(
    "name",
    [
        "r/../../etc/passwd",
        "/etc/passwd",
        "r/a/../b",
        "r//b",
        "r/./b",
        "r/.git/config",
        "r/.GIT/config",
        "r/a\nb",
        "alone",
    ],
)
def test_names_outside_a_tree_are_dropped(name: str) -> None:
    unpacked = unpack(packed(member(name, b"x"), member("r/good", b"y")), LIMITS)
    assert unpacked.texts == {"good": "y"}


def test_a_bomb_is_stopped_at_the_unpacked_limit() -> None:
    bomb = packed(*(member(f"r/zeros{number}", bytes(512 * 1024)) for number in range(16)))
    assert len(bomb) < 20_000
    with pytest.raises(ArchiveError, match="unpacks to more"):
        unpack(bomb, SnapshotLimits(unpacked_max_bytes=1024 * 1024))


def test_a_header_that_claims_terabytes_is_stopped() -> None:
    info, _ = member("r/huge")
    info.size = 1 << 40
    raw = info.tobuf(tarfile.GNU_FORMAT) + bytes(4096)
    with pytest.raises(ArchiveError, match="claims 1099511627776 bytes"):
        unpack(gzip.compress(raw), LIMITS)


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(ArchiveError, match="more than 3 entries"):
        unpack(packed(*(member(f"r/{number}") for number in range(4))), SnapshotLimits(entries_max=3))


def test_too_much_text_is_refused() -> None:
    archive = packed(member("r/a", b"x" * 60), member("r/b", b"y" * 60))
    with pytest.raises(ArchiveError, match="100 bytes of text"):
        unpack(archive, SnapshotLimits(text_max_bytes=100))


def test_a_chain_of_headers_is_no_crash() -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type = tarfile.GNUTYPE_LONGNAME
    block = info.tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(ArchiveError):
        unpack(gzip.compress(block * 5000), LIMITS)


def test_a_cut_archive_is_malformed() -> None:
    archive = packed(member("r/a", bytes(range(256)) * 400))
    with pytest.raises(ArchiveError, match="malformed"):
        unpack(archive[: len(archive) // 2], LIMITS)


@given(st.binary(max_size=2000))
def test_any_bytes_end_in_texts_or_an_archive_error(content: bytes) -> None:
    for archive in (content, gzip.compress(content, 1)):
        try:
            unpack(archive, LIMITS)
        except ArchiveError:
            continue
