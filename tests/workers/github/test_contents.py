"""Texts of the head: whole if they fit, the changed files at least."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.repository import GitRepository
from tests.workers.github.octo import BASE, NAME, Octo, opened
from workers.domain.change import ChangedFile, FileStatus, Omission, Snapshot
from workers.domain.errors import UserError
from workers.github.archive import SnapshotLimits
from workers.github.contents import fill_texts, read_file, read_snapshot, read_text
from workers.github.permissions import READ
from workers.github.values import Blob


async def snapshot_of(octo: Octo, limits: SnapshotLimits | None = None) -> Snapshot:
    return await read_snapshot(
        octo.client, NAME, octo.sha, await octo.read_files(), limits or SnapshotLimits()
    )


async def test_the_whole_head_is_read(octo: Octo) -> None:
    snapshot = await snapshot_of(octo)
    assert set(snapshot.files) == {"app.py", "new.py"}
    assert snapshot.files["new.py"] == "a = 1\nb = 2\n"
    assert snapshot.omitted == {"logo.png": Omission.BINARY}
    assert snapshot.complete


async def test_the_archives_host_never_sees_the_token(octo: Octo) -> None:
    await snapshot_of(octo)
    (download,) = (one for one in octo.github.requests if "legacy.tar.gz" in one.path)
    assert download.status == 200
    assert "authorization" not in download.headers


@pytest.mark.parametrize(
    "limits",
    [
        SnapshotLimits(archive_max_bytes=50),
        SnapshotLimits(unpacked_max_bytes=600),
        SnapshotLimits(text_max_bytes=10),
        SnapshotLimits(entries_max=1),
    ],
)
async def test_beyond_a_limit_the_changed_files_are_read_alone(
    limits: SnapshotLimits, tmp_path: Path
) -> None:
    base = {"app.py": "x = 1\n", "other.py": "y = 1\n"}
    async with opened(tmp_path, base, {"app.py": "x = 2\n"}) as octo:
        snapshot = await snapshot_of(octo, limits)
    assert snapshot.files == {"app.py": "x = 2\n"}
    assert not snapshot.complete
    assert "Only the changed files were read" in snapshot.detail


async def test_a_changed_file_that_the_archive_lacks_is_read_all_the_same(tmp_path: Path) -> None:
    base = {".gitattributes": "tests/ export-ignore\n", "tests/a.py": "a = 1\n", "b.py": "b = 1\n"}
    async with opened(tmp_path, base, {"tests/a.py": "a = 2\n"}) as octo:
        snapshot = await snapshot_of(octo)
    assert snapshot.files["tests/a.py"] == "a = 2\n"
    assert not snapshot.complete
    assert "export-ignore" in snapshot.detail


async def test_links_and_submodules_are_no_text(tmp_path: Path) -> None:
    async with opened(tmp_path) as octo:
        octo.source.symlink("link", "/etc/passwd")
        octo.source.commit()
        sha = octo.source.commit_submodule("vendored", "a" * 40)
        octo.github.push(octo.pull, sha)
        files = await octo.read_files()
        filled = fill_texts(files, await read_snapshot(octo.client, NAME, sha, files, SnapshotLimits()))
    told = {file.path: (file.text, file.omitted) for file in filled}
    assert told["link"] == (None, Omission.LINK)
    assert told["vendored"] == (None, Omission.SUBMODULE)


async def test_every_changed_file_has_text_or_a_reason(tmp_path: Path) -> None:
    base = {
        "gone.py": "x\n",
        "mode.sh": "x\n",
        "moved.py": "1\n2\n3\n",
        "big.txt": "small\n",
        "latin.txt": "a\n",
    }
    head = {
        "gone.py": None,
        "empty.py": "",
        "image": b"\0\1",
        "big.txt": "b" * 2000,
        "latin.txt": b"caf\xe9\n",
    }
    async with opened(tmp_path, base, head) as octo:
        octo.source.mode("mode.sh", executable=True)
        octo.source.rename("moved.py", "here.py")
        octo.github.push(octo.pull, octo.source.commit())
        files = await octo.read_files()
        limits = SnapshotLimits(file_max_bytes=1000)
        filled = fill_texts(files, await read_snapshot(octo.client, NAME, octo.sha, files, limits))
    assert {file.path: (file.text is not None, file.omitted) for file in filled} == {
        "gone.py": (False, Omission.REMOVED),
        "empty.py": (True, Omission.NO_CONTENT_CHANGE),
        "image": (False, Omission.BINARY),
        "big.txt": (False, Omission.TOO_LARGE),
        "latin.txt": (False, Omission.UNREADABLE),
        "mode.sh": (True, Omission.NO_CONTENT_CHANGE),
        "here.py": (True, Omission.NO_CONTENT_CHANGE),
    }


def test_a_file_that_was_not_listed_for_reading_stays_so() -> None:
    file = ChangedFile("a", FileStatus.MODIFIED, omitted=Omission.BEYOND_LIMIT)
    assert fill_texts([file], Snapshot({"a": "x"}, complete=True)) == (file,)


async def test_one_file_is_read_at_a_commit(octo: Octo) -> None:
    base_sha = octo.pull.base_sha
    assert await read_text(octo.client, NAME, "new.py", octo.sha) == "a = 1\nb = 2\n"
    assert await read_text(octo.client, NAME, "new.py", base_sha) is None


async def test_a_file_of_the_default_branch_comes_with_its_git_id(octo: Octo) -> None:
    blob = await read_file(octo.client, NAME, "app.py", None)
    sha = octo.source.git("rev-parse", "main:app.py").decode().strip()
    assert blob == Blob(str(BASE["app.py"]), sha)
    assert await read_file(octo.client, NAME, "new.py", None) is None


async def test_an_organisations_own_repository_is_read_with_a_token_of_all(
    octo: Octo, tmp_path: Path
) -> None:
    rules = GitRepository.create(tmp_path, "rules")
    rules.commit({"quorum.yml": "language: de\n"})
    octo.github.add_repository("octo", ".github", rules.path)
    everywhere = octo.clients.client(octo.repository.installation_id or 0, None, READ)
    blob = await read_file(everywhere, "octo/.github", "quorum.yml", None)
    assert blob is not None
    assert blob.text == "language: de\n"
    assert await read_file(octo.client, "octo/.github", "quorum.yml", None) is None


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("docs", "folder"), ("link", "symlink"), ("big.yml", "at most"), ("latin.yml", "UTF-8")],
)
async def test_what_is_no_small_text_is_the_users_to_mend(path: str, complaint: str, tmp_path: Path) -> None:
    head: dict[str, str | bytes | None] = {
        "docs/a.md": "a",
        "big.yml": "x" * (1024 * 1024 + 1),
        "latin.yml": b"caf\xe9",
    }
    async with opened(tmp_path, head=head) as octo:
        octo.source.symlink("link", "docs")
        sha = octo.source.commit()
        octo.github.push(octo.pull, sha)
        with pytest.raises(UserError, match=complaint):
            await read_text(octo.client, NAME, path, sha)
