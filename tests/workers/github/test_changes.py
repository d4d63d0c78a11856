"""Every changed file is accounted for, also those that GitHub hides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, Response

from tests.workers.github.scripted import REPOSITORY, Scripted, Seen
from workers.analysis.diff import parse_patch
from workers.domain.change import FileStatus, Omission, PullRequest
from workers.domain.errors import TransientError
from workers.github.changes import FileRow, changed_file, hidden, read_files, unlisted_count
from workers.github.client import InstallationClient

PULL = PullRequest(
    repo_id=REPOSITORY,
    full_name="octo/shop",
    number=1,
    state="open",
    draft=False,
    title="",
    body="",
    author="mona",
    author_id=1,
    labels=(),
    base_ref="main",
    base_sha="b" * 40,
    head_ref="topic",
    head_sha="a" * 40,
    head_repo_id=REPOSITORY,
    changed_files=0,
)
FILES = "GET /repos/octo/shop/pulls/1/files"


def row(name: str, lines: int = 1, **fields: Any) -> dict[str, Any]:
    """A row with a patch of `lines` added lines (0: none), as GitHub sends it."""
    patch = {"patch": f"@@ -0,0 +1,{lines} @@\n" + "\n".join(["+x"] * lines)} if lines else {}
    counts = {"additions": lines, "deletions": 0, "changes": lines}
    return {"filename": name, "status": "modified", "sha": "c" * 40, **counts, **patch, **fields}


def listing(rows: Sequence[dict[str, Any]], github: Scripted, *, page_lines_max: int = 20_000) -> None:
    """Serve `rows` as GitHub does: once a page's patches reach `page_lines_max`, its other rows look empty."""

    def answer(seen: Seen) -> Response:
        size, number = int(seen.query["per_page"]), int(seen.query.get("page", 1))
        spent, shown = 0, []
        for one in rows[(number - 1) * size : number * size]:
            shown.append(one if spent < page_lines_max else _emptied(one))
            spent += one["changes"]
        following = f"{github.url}/repos/octo/shop/pulls/1/files?per_page={size}&page={number + 1}"
        more = {"link": f'<{following}>; rel="next"'} if number * size < len(rows) else {}
        return JSONResponse(shown, headers=more)

    github.on(FILES, answer)
    side = {"ref": "topic", "sha": PULL.head_sha}
    github.on(
        "GET /repos/octo/shop/pulls/1",
        {"number": 1, "state": "open", "title": "", "base": side, "head": side},
    )


def lists(github: Scripted) -> list[Seen]:
    """The requests for pages of the list."""
    return [seen for seen in github.seen if seen.path.endswith("/files")]


def _emptied(shown: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in shown.items() if name != "patch"}
    return kept | {"additions": 0, "deletions": 0, "changes": 0}


async def test_all_pages_are_read_in_order(github: Scripted, client: InstallationClient) -> None:
    rows = [row(f"f{number:03}.py") for number in range(120)]
    listing(rows, github)
    files = await read_files(client, PULL, 3000, parse_patch)
    assert [file.path for file in files] == [one["filename"] for one in rows]
    assert all(file.hunks and file.omitted is None for file in files)
    assert len(lists(github)) == 3


async def test_what_a_page_hides_smaller_pages_show(github: Scripted, client: InstallationClient) -> None:
    rows = [row("big.py", 60), *(row(f"f{number}.py", 30) for number in range(60))]
    listing(rows, github, page_lines_max=100)
    files = await read_files(client, PULL, 3000, parse_patch)
    assert [file.additions for file in files] == [60] + [30] * 60
    assert all(file.omitted is None for file in files)


async def test_a_budget_bounds_the_second_reading_and_the_rest_is_said(
    github: Scripted, client: InstallationClient
) -> None:
    listing(
        [row("big.py", 60), *(row(f"f{number}.py", 30) for number in range(49))], github, page_lines_max=50
    )
    files = await read_files(client, PULL, 3000, parse_patch, rereads_max=20)
    assert len(lists(github)) == 21
    read = [file for file in files if file.omitted is None]
    rest = [file for file in files if file.omitted is not None]
    assert len(read) + len(rest) == 50
    assert read
    assert {(file.omitted, file.detail) for file in rest} == {
        (Omission.NO_PATCH, "GitHub hides it behind other files' long patches")
    }


async def test_files_of_another_head_are_not_taken(github: Scripted, client: InstallationClient) -> None:
    listing([row("a.py")], github)
    with pytest.raises(TransientError, match="head moved"):
        await read_files(client, replace(PULL, head_sha="d" * 40), 3000, parse_patch)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=120), st.integers(20, 200))
def test_rows_are_suspected_exactly_behind_the_last_patch(sizes: list[int], page_lines_max: int) -> None:
    page = [FileRow.model_validate(row(str(index), lines)) for index, lines in enumerate(sizes[:50])]
    spent, hidden_truly = 0, []
    for index, one in enumerate(page):
        if spent >= page_lines_max and one.changes:
            hidden_truly.append(index)
            page[index] = FileRow.model_validate(_emptied(row(str(index), 1)))
        spent += sizes[index]
    assert set(hidden_truly) <= set(hidden(page))


async def test_pictures_alone_cost_no_further_request(github: Scripted, client: InstallationClient) -> None:
    listing([row(f"{number}.png", 0, status="added") for number in range(40)], github)
    files = await read_files(client, PULL, 3000, parse_patch)
    assert {file.omitted for file in files} == {Omission.BINARY}
    assert len(lists(github)) == 1


async def test_files_beyond_the_limit_are_named(github: Scripted, client: InstallationClient) -> None:
    listing([row(f"f{number:03}.py") for number in range(120)], github)
    files = await read_files(client, PULL, 70, parse_patch)
    assert len(files) == 120
    assert [file.omitted for file in files[:70]] == [None] * 70
    assert {file.omitted for file in files[70:]} == {Omission.BEYOND_LIMIT}


async def test_github_stops_at_3000_and_the_rest_is_counted(
    github: Scripted, client: InstallationClient
) -> None:
    listing([row(f"f{number}.py") for number in range(3001)], github)
    files = await read_files(client, PULL, 3000, parse_patch)
    assert len(files) == 3000
    assert unlisted_count(replace(PULL, changed_files=3001), files) == 1


SUBMODULE = f"@@ -1 +1 @@\n-Subproject commit {'a' * 40}\n+Subproject commit {'b' * 40}"


@pytest.mark.parametrize(
    ("fields", "omitted"),
    [
        (row("a", 3), None),
        (row("a", 3, status="removed"), Omission.REMOVED),
        (row("a", 0, status="renamed", previous_filename="b"), Omission.NO_CONTENT_CHANGE),
        (row("a", 3, status="renamed", previous_filename="b"), None),
        (row("a", 0, status="changed"), Omission.NO_CONTENT_CHANGE),
        (row("a", 0, status="added"), Omission.BINARY),
        (row("a", 0) | {"changes": 30_000, "additions": 30_000}, Omission.NO_PATCH),
        (row("a", 0, patch=SUBMODULE, changes=2), Omission.SUBMODULE),
        (row("a", 0, patch="no patch at all", changes=2), Omission.UNREADABLE),
        (row("a", 0, patch="@@ -1 +1,9 @@\n+short", changes=9), Omission.UNREADABLE),
    ],
)
def test_each_kind_of_file_says_why_it_is_not_read(fields: dict[str, Any], omitted: Omission | None) -> None:
    assert changed_file(FileRow.model_validate(fields), parse_patch).omitted is omitted


def test_a_rename_keeps_its_old_path() -> None:
    fields = row("new.py", 1, status="renamed", previous_filename="old.py")
    file = changed_file(FileRow.model_validate(fields), parse_patch)
    assert (file.path, file.old_path, file.status) == ("new.py", "old.py", FileStatus.RENAMED)
