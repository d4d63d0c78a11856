"""A local repository is read whole, and nothing of it is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from workers.analysis.diff import parse_diff
from workers.domain.change import Change, ChangedFile, FileStatus, Omission, Snapshot
from workers.domain.errors import UserError
from workers.git.local import LocalLimits, read_local

LIMITS = LocalLimits(files_max=100, file_max_bytes=10_000, snapshot_max_bytes=100_000)
ENVIRONMENT = {
    **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "HOME": os.devnull,
}


def git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT, text=True).stdout.strip()


def commit(repository: Path, message: str = "x") -> str:
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)
    return git(repository, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True, env=ENVIRONMENT)
    (path / "kept.py").write_text("kept = 1\n")
    (path / "edited.py").write_text("a\nb\nc\n")
    (path / "gone.py").write_text("gone\n")
    commit(path)
    return path


async def read(
    repository: Path, base: str = "main", head: str | None = None, limits: LocalLimits = LIMITS
) -> tuple[Change, Snapshot]:
    return await read_local(repository, base, head, limits, parse_diff)


def only(change: Change) -> ChangedFile:
    (file,) = change.files
    return file


async def test_a_branch_is_compared_with_where_it_began(repository: Path) -> None:
    start = git(repository, "rev-parse", "HEAD")
    git(repository, "switch", "-q", "-c", "topic")
    (repository / "edited.py").write_text("a\nB\nc\n")
    head = commit(repository)
    git(repository, "switch", "-q", "main")
    (repository / "later.py").write_text("later\n")
    commit(repository)
    change, snapshot = await read(repository, "main", "topic")
    assert (change.base_sha, change.head_sha) == (start, head)
    assert (only(change).path, only(change).text) == ("edited.py", "a\nB\nc\n")
    assert set(only(change).added_lines()) == {2}
    assert snapshot.files == {"edited.py": "a\nB\nc\n", "gone.py": "gone\n", "kept.py": "kept = 1\n"}
    assert snapshot.complete


async def test_without_a_head_the_files_on_disk_count(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "edited.py").write_text("a\nb\n")
    (repository / "gone.py").unlink()
    (repository / "new file.py").write_text("n\n")
    (repository / "x.log").write_text("ignored\n")
    change, snapshot = await read(repository)
    status = {file.path: (file.status, file.omitted) for file in change.files}
    assert status == {
        ".gitignore": (FileStatus.ADDED, None),
        "edited.py": (FileStatus.MODIFIED, None),
        "gone.py": (FileStatus.REMOVED, Omission.REMOVED),
        "new file.py": (FileStatus.ADDED, None),
    }
    assert "x.log" not in snapshot.files


async def test_reading_the_disk_writes_nothing_into_the_repository(repository: Path) -> None:
    (repository / "edited.py").write_text("changed\n")

    def everything() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in (repository / ".git").rglob("*") if path.is_file()}

    before = everything()
    await read(repository)
    assert everything() == before


async def test_a_folder_inside_means_the_whole_repository(repository: Path) -> None:
    (repository / "inner").mkdir()
    (repository / "inner" / "x.py").write_text("x\n")
    change, _ = await read(repository / "inner")
    assert only(change).path == "inner/x.py"


async def test_every_changed_file_is_read_or_has_a_reason(repository: Path) -> None:
    (repository / "image.png").write_bytes(b"\x89PNG\0\1")
    (repository / "latin.txt").write_bytes(b"caf\xe9\n")
    (repository / "large.txt").write_text("x\n" * 6_000)
    (repository / "link").symlink_to("/etc/passwd")
    (repository / "edited.py").chmod(0o755)
    os.rename(repository / "kept.py", repository / "moved.py")
    (repository / os.fsdecode(b"odd\xff.py")).write_text("odd\n")
    change, _ = await read(repository)
    reasons = {file.path: file.omitted for file in change.files}
    assert reasons == {
        "image.png": Omission.BINARY,
        "latin.txt": Omission.UNREADABLE,
        "large.txt": Omission.TOO_LARGE,
        "link": Omission.LINK,
        "edited.py": Omission.NO_CONTENT_CHANGE,
        "moved.py": Omission.NO_CONTENT_CHANGE,
        "odd\ufffd.py": None,
    }
    assert all((file.text is None) == (file.omitted is not None) for file in change.files)
    repr(change).encode()


async def test_a_file_behind_a_linked_folder_is_not_read(repository: Path, tmp_path: Path) -> None:
    (repository / "folder").mkdir()
    (repository / "folder" / "x.txt").write_text("inside\n")
    commit(repository)
    (repository / "folder" / "x.txt").unlink()
    (repository / "folder").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.txt").write_text("outside\n")
    (repository / "folder").symlink_to(tmp_path / "elsewhere")
    change, snapshot = await read(repository)
    assert "outside" not in repr(change.files) + str(snapshot.files)
    assert {file.path: file.status for file in change.files}["folder/x.txt"] is FileStatus.REMOVED


async def test_a_submodule_is_named_and_not_entered(repository: Path) -> None:
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    git(repository, "commit", "-q", "-m", "sub")
    change, _ = await read(repository, "HEAD~1", "HEAD")
    assert (only(change).path, only(change).omitted) == ("sub", Omission.SUBMODULE)
    on_disk, _ = await read(repository, "HEAD~1")
    assert only(on_disk).omitted is Omission.SUBMODULE


async def test_files_beyond_the_limit_are_named(repository: Path) -> None:
    for name in "abc":
        (repository / f"{name}.py").write_text(name + "\n")
    change, _ = await read(repository, limits=LocalLimits(2, 10_000, 100_000))
    assert [file.omitted for file in change.files] == [None, None, Omission.BEYOND_LIMIT]


async def test_changed_files_are_read_before_others(repository: Path) -> None:
    (repository / "zz.py").write_text("z" * 50 + "\n")
    change, snapshot = await read(repository, limits=LocalLimits(10, 10_000, 60))
    assert only(change).text is not None
    assert not snapshot.complete
    assert change.notices == ("Texts of the repository beyond 60 bytes were not read.",)


HOSTILE = [
    ("core.fsmonitor", "{run}"),
    ("core.hooksPath", "{hooks}"),
    ("core.pager", "{run}"),
    ("core.sshCommand", "{run}"),
    ("diff.external", "{run}"),
    ("diff.evil.command", "{run}"),
    ("diff.evil.textconv", "{run}"),
    ("alias.ls-tree", "!{run}"),
    ("filter.evil.clean", "{run}"),
    ("filter.evil.smudge", "{run}"),
    ("filter.evil.process", "{run}"),
    ("core.editor", "{run}"),
    ("filter.evil.required", "true"),
    ("gpg.program", "{run}"),
    ("log.showSignature", "true"),
    ("core.askPass", "{run}"),
    ("credential.helper", "!{run}"),
    ("protocol.ext.allow", "always"),
    ("remote.origin.url", "ext::{run}"),
    ("remote.origin.promisor", "true"),
    ("extensions.partialClone", "origin"),
    ("core.worktree", "/"),
    ("core.alternateRefsCommand", "{run}"),
]


async def test_nothing_that_a_repository_configures_is_run(repository: Path, tmp_path: Path) -> None:
    git(repository, "switch", "-q", "-c", "topic")
    (repository / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (repository / "edited.py").write_text("a\nB\nc\n")
    commit(repository)
    ran, run, hooks = tmp_path / "ran", tmp_path / "run", tmp_path / "hooks"
    run.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    run.chmod(0o755)
    hooks.mkdir()
    for name in (
        "post-index-change",
        "post-checkout",
        "reference-transaction",
        "fsmonitor-watchman",
        "pre-commit",
    ):
        (hooks / name).symlink_to(run)
        (repository / ".git" / "hooks" / name).unlink(missing_ok=True)
        (repository / ".git" / "hooks" / name).symlink_to(run)
    config = repository / ".git" / "config"
    for key, value in HOSTILE:
        subprocess.run(
            ["git", "config", "--file", str(config), key, value.format(run=run, hooks=hooks)],
            check=True,
            env=ENVIRONMENT,
        )
    (repository / "edited.py").write_text("a\nBB\nc\n")
    committed, _ = await read(repository, "main", "topic")
    on_disk, _ = await read(repository, "main")
    assert committed.file("edited.py") is not None
    assert on_disk.file("edited.py") is not None
    assert not ran.exists()
    plain = ["git", "-C", str(repository), "--work-tree=.", "diff", "main"]
    subprocess.run(plain, check=False, capture_output=True, env=ENVIRONMENT)
    assert ran.exists(), "the bait has to work on a git that is not hardened"


async def test_a_missing_object_of_a_partial_clone_is_not_fetched(repository: Path) -> None:
    (repository / "edited.py").write_text("new\n")
    head = commit(repository)
    sha = git(repository, "rev-parse", "HEAD:kept.py")
    (repository / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    _, snapshot = await read(repository, "HEAD~1", head)
    assert "kept.py" not in snapshot.files


@pytest.mark.parametrize(
    ("base", "head"), [("nowhere", "HEAD"), ("main", "nowhere"), ("--help", "HEAD"), ("", "HEAD")]
)
async def test_an_unknown_name_is_said(repository: Path, base: str, head: str) -> None:
    with pytest.raises(UserError, match="names no commit"):
        await read(repository, base, head)


async def test_a_folder_without_a_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not inside a git repository"):
        await read(tmp_path)


async def test_histories_that_never_met_are_said(repository: Path) -> None:
    git(repository, "switch", "-q", "--orphan", "other")
    commit(repository)
    with pytest.raises(UserError, match="have no common ancestor"):
        await read(repository, "main", "other")


async def test_a_clone_that_is_too_shallow_is_said(repository: Path, tmp_path: Path) -> None:
    git(repository, "switch", "-q", "-c", "topic")
    commit(repository, "one")
    git(repository, "switch", "-q", "main")
    commit(repository, "two")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repository}", str(clone))
    with pytest.raises(UserError, match="shallow"):
        await read(clone, "origin/main", "origin/topic")


async def test_a_git_that_says_too_much_is_stopped(repository: Path) -> None:
    limits = LocalLimits(10, 10_000, 100_000, output_max_bytes=20)
    with pytest.raises(UserError, match="printed more than 20 bytes"):
        await read(repository, "main", "main", limits)
