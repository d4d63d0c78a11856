"""A pull request's files as GitHub lists them, from real git."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.conftest import Scene, scene_of
from tests.fakes.github import FakeGitHub
from tests.fakes.repository import GitRepository


async def files_of(git: GitRepository, **query: Any) -> dict[str, dict[str, Any]]:
    async with FakeGitHub.serve() as github, scene_of(github, git) as scene:
        return {row["filename"]: row for row in (await scene.api.get("pulls/1/files", params=query)).json()}


async def test_a_patch_comes_without_its_header(scene: Scene) -> None:
    rows = {row["filename"]: row for row in (await scene.api.get("pulls/1/files")).json()}
    assert rows["shop.py"]["patch"].startswith("@@ -2,7 +2,8 @@")
    assert rows["new.py"]["patch"] == "@@ -0,0 +1 @@\n+print('new')\n\\ No newline at end of file"
    assert (rows["shop.py"]["additions"], rows["shop.py"]["deletions"], rows["shop.py"]["changes"]) == (
        2,
        2,
        4,
    )


async def test_the_diff_starts_where_the_branches_parted(git: GitRepository) -> None:
    git.checkout("main")
    git.commit({"unrelated.py": "1\n"}, "Move the base on")
    git.checkout("feature")
    assert "unrelated.py" not in await files_of(git)


async def test_binary_files_have_no_patch_and_no_counts(git: GitRepository) -> None:
    git.commit({"logo.png": b"\x89PNG\0\1\2"})
    row = (await files_of(git))["logo.png"]
    assert ("patch" in row, row["changes"], row["status"]) == (False, 0, "added")


async def test_a_pure_rename_has_its_former_name_and_no_patch(git: GitRepository) -> None:
    git.rename("docs/readme.md", "docs/index.md")
    git.commit()
    row = (await files_of(git))["docs/index.md"]
    assert (row["status"], row["previous_filename"], "patch" in row) == ("renamed", "docs/readme.md", False)


async def test_a_mode_change_has_no_patch(git: GitRepository) -> None:
    git.mode("docs/readme.md", executable=True)
    git.commit()
    row = (await files_of(git))["docs/readme.md"]
    assert (row["status"], row["changes"], "patch" in row) == ("modified", 0, False)


async def test_a_file_that_becomes_a_link_is_changed(git: GitRepository) -> None:
    git.symlink("docs/readme.md", "../shop.py")
    git.commit({"zz.py": "after\n"})
    rows = await files_of(git)
    assert rows["docs/readme.md"]["status"] == "changed"
    assert rows["zz.py"]["patch"] == "@@ -0,0 +1 @@\n+after"


async def test_a_submodule_shows_its_commits(git: GitRepository) -> None:
    git.commit_submodule("vendored", "a" * 40)
    row = (await files_of(git))["vendored"]
    assert row["patch"] == f"@@ -0,0 +1 @@\n+Subproject commit {'a' * 40}"
    assert row["sha"] == "a" * 40


async def test_removed_files_show_what_went(git: GitRepository) -> None:
    git.commit({"docs/readme.md": None})
    row = (await files_of(git))["docs/readme.md"]
    assert (row["status"], row["patch"]) == ("removed", "@@ -1 +0,0 @@\n-# Shop")


@pytest.mark.parametrize(
    "path", ["ünï/çode.py", 'quo"ted.py', "tab\there.py", "a b & c?.py", "-dash.py", "[x]*.py"]
)
async def test_odd_paths_are_kept(git: GitRepository, path: str) -> None:
    git.commit({path: "1\n"})
    async with FakeGitHub.serve() as github, scene_of(github, git) as scene:
        rows = {row["filename"]: row for row in (await scene.api.get("pulls/1/files")).json()}
        assert rows[path]["patch"] == "@@ -0,0 +1 @@\n+1"
        assert (await scene.api.get(rows[path]["contents_url"])).json()["path"] == path


async def test_carriage_returns_stay_in_the_patch(git: GitRepository) -> None:
    git.commit({"dos.txt": "one\r\ntwo\r\n"})
    assert (await files_of(git))["dos.txt"]["patch"] == "@@ -0,0 +1,2 @@\n+one\r\n+two\r"


async def test_a_huge_file_keeps_its_counts_and_loses_its_patch(git: GitRepository) -> None:
    git.commit({"huge.txt": "x\n" * 20_001})
    row = (await files_of(git))["huge.txt"]
    assert (row["additions"], "patch" in row) == (20_001, False)


async def test_late_files_of_a_page_with_too_many_lines_are_emptied(git: GitRepository) -> None:
    git.commit({"a.txt": "x\n" * 19_990, "b.txt": "y\n" * 100, "c.txt": "z\n"})
    rows = await files_of(git)
    assert "patch" in rows["b.txt"]
    assert (rows["c.txt"]["changes"], "patch" in rows["c.txt"]) == (0, False)
    assert (await files_of(git, per_page=1, page=3))["c.txt"]["changes"] == 1


async def test_pages_are_joined_by_links(scene: Scene) -> None:
    first = await scene.api.get("pulls/1/files", params={"per_page": 1})
    assert set(first.links) == {"next", "last"}
    second = await scene.api.get(first.links["next"]["url"])
    assert set(second.links) == {"prev", "first"}
    assert [row["filename"] for page in (first, second) for row in page.json()] == ["new.py", "shop.py"]


@pytest.mark.slow
async def test_no_more_than_3000_files_are_listed(git: GitRepository) -> None:
    git.commit({f"many/{number:04}.txt": "x\n" for number in range(3001)})
    async with FakeGitHub.serve() as github, scene_of(github, git) as scene:
        assert (await scene.api.get("pulls/1")).json()["changed_files"] == 3003
        first = await scene.api.get("pulls/1/files", params={"per_page": 100})
        last = await scene.api.get(first.links["last"]["url"])
        assert "page=30" in first.links["last"]["url"]
        assert len(last.json()) == 100
        diff = await scene.api.get("pulls/1", headers={"accept": "application/vnd.github.diff"})
        assert (diff.status_code, diff.json()["errors"][0]["code"]) == (406, "too_large")
