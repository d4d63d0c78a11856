"""Listing and reading a folder: what git ignores stays out, links are not followed, everything is said."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from workers.domain.change import ChangedFile, Omission
from workers.domain.errors import UserError
from workers.git.tree import TreeLimits, batches, list_tree

LIMITS = TreeLimits(files_max=10, file_max_bytes=50, batch_files_max=2, batch_max_bytes=1_000)


async def read(path: Path, limits: TreeLimits = LIMITS) -> dict[str, ChangedFile]:
    tree = await list_tree(path, limits)
    return {file.path: file for batch in batches(tree, limits) for file in batch}


async def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("out/\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.py").write_text("a")
    (tmp_path / "b.py").write_text("b")
    assert set(await read(tmp_path)) == {".gitignore", "b.py"}


async def test_a_folder_of_a_repository_is_read_alone(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.py").write_text("a")
    (tmp_path / "b.py").write_text("b")
    assert set(await read(tmp_path / "in")) == {"in/a.py"}


async def test_a_folder_without_git_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.py").write_text("a")
    assert (await read(tmp_path))["in/a.py"].text == "a"


async def test_a_single_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a")
    (tmp_path / "b.py").write_text("b")
    assert set(await read(tmp_path / "a.py")) == {"a.py"}


async def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert (await read(tmp_path))["link"].omitted is Omission.LINK


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert (await read(tmp_path))["pipe"].omitted is Omission.UNREADABLE


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\0", Omission.BINARY),
        (b"\xff", Omission.UNREADABLE),
        (b"x" * 51, Omission.TOO_LARGE),
    ],
)
async def test_what_has_no_text_says_why(tmp_path: Path, content: bytes, why: Omission) -> None:
    (tmp_path / "a").write_bytes(content)
    assert (await read(tmp_path))["a"].omitted is why


async def test_files_beyond_the_limit_are_listed(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / f"{number:02}").write_text("")
    assert (await read(tmp_path))["10"].omitted is Omission.BEYOND_LIMIT


async def test_no_batch_is_larger_than_its_limit(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}").write_text("")
    tree = await list_tree(tmp_path, LIMITS)
    assert [len(batch) for batch in batches(tree, LIMITS)] == [2, 2, 1]


async def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        await list_tree(tmp_path / "no", LIMITS)
