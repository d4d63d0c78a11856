"""Files of a commit are learned together, and only a list of the folder says that one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fakes.github import Fault
from tests.fakes.repository import Content
from tests.workers.github.octo import NAME, Octo, opened
from workers.domain.errors import RateLimitedError, TransientError, UserError
from workers.github.contents import read_file, require_commit
from workers.github.known_files import FileAt, Known, KnownFiles
from workers.github.papers import read_ahead
from workers.github.values import Blob

BASE: Mapping[str, Content] = {
    ".github/quorum.yml": "review: {}\n",
    "AGENTS.md": "Money is ä number.\r\n",
    "broken.md": b"caf\xe9\n",
    "big.md": "x" * 600_000,
    "folder/deep/file.md": "deep\n",
}
PATHS = (
    *BASE,
    "CLAUDE.md",
    ".github/nothing.yml",
    "nowhere/at/all.md",
    "AGENTS.md/below.md",
    "folder",
    "link.md",
)


async def base_of(octo: Octo) -> str:
    """A base that has a link besides."""
    octo.source.checkout("main")
    octo.source.symlink("link.md", "AGENTS.md")
    sha = octo.source.commit(message="Link")
    octo.github.push_branch(octo.repository, "main", sha)
    return sha


def asked_of(octo: Octo) -> list[str]:
    return [one.path.partition("?")[0].removeprefix(f"/repos/{NAME}/") for one in octo.github.requests]


async def test_one_request_tells_what_every_path_holds(tmp_path: Path) -> None:
    """What is shown whole and what is missing is known; the rest is asked for, once."""
    async with opened(tmp_path, BASE, {"app.py": "x = 1\n"}) as octo:
        sha = await base_of(octo)
        assert await read_ahead(octo.client, NAME, sha, ["app.py"])
        before = len(octo.github.requests)
        assert await read_ahead(octo.client, NAME, sha, PATHS)
        found: dict[str, str | None] = {}
        for path in [*PATHS, "link.md"]:
            try:
                blob = await read_file(octo.client, NAME, path, sha)
                found[path] = blob.text if blob is not None else None
            except UserError as error:
                found[path] = str(error)
        asked = asked_of(octo)[before:]
    assert found == {
        **BASE,
        "broken.md": "`broken.md` is not UTF-8 text.",
        "CLAUDE.md": None,
        ".github/nothing.yml": None,
        "nowhere/at/all.md": None,
        "AGENTS.md/below.md": None,
        "folder": "`folder` is a folder; a file is expected there.",
        "link.md": BASE["AGENTS.md"],
    }
    odd = ("big.md", "broken.md", "AGENTS.md/below.md", "folder", "link.md")
    assert sorted(asked) == sorted(["/graphql", *(f"contents/{path}" for path in odd)])


async def test_what_was_learned_of_a_commit_is_not_asked_again(octo: Octo) -> None:
    sha = await base_of(octo)
    assert await read_ahead(octo.client, NAME, sha, ["a.md", "app.py"])
    before = len(octo.github.requests)
    assert await read_ahead(octo.client, NAME, sha, ["app.py", "a.md"])
    assert await read_file(octo.client, NAME, "a.md", sha) is None
    assert len(octo.github.requests) == before


@pytest.mark.parametrize(
    "fault",
    [
        Fault(("POST", "/graphql"), "status", times=9, status=502),
        Fault(("POST", "/graphql"), "status", status=404),
    ],
    ids=["away", "not offered"],
)
async def test_without_a_list_each_file_is_asked_for(octo: Octo, fault: Fault) -> None:
    sha = await base_of(octo)
    octo.github.faults.add(fault)
    assert not await read_ahead(octo.client, NAME, sha, ["app.py", "a.md"])
    assert await read_file(octo.client, NAME, "app.py", sha)
    assert await read_file(octo.client, NAME, "a.md", sha) is None
    assert asked_of(octo)[-2:] == ["contents/app.py", "contents/a.md"]
    assert await read_file(octo.client, NAME, "a.md", sha) is None
    assert asked_of(octo)[-1] == "contents/a.md", "a 404 is no knowledge"


async def test_nothing_is_learned_of_a_commit_that_is_not_shown(octo: Octo) -> None:
    """Right after a push GitHub may not show it: nothing is taken for missing."""
    assert not await read_ahead(octo.client, NAME, "d" * 40, ["a.md"])
    with pytest.raises(TransientError):
        await require_commit(octo.client, NAME, "d" * 40)


async def test_a_limit_is_no_answer(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", "/graphql"), "primary_limit"))
    with pytest.raises(RateLimitedError):
        await read_ahead(octo.client, NAME, octo.sha, ["a.md"])


def test_the_least_used_files_are_forgotten_and_huge_ones_not_kept() -> None:
    known = KnownFiles(files_max=3, chars_max=10)
    files = [FileAt("1", "octo/shop", "c" * 40, name) for name in "abcd"]
    for file in files[:3]:
        known.put(file, Known(Blob("xxx", "")))
    assert known.get(files[0])
    known.put(files[3], Known(Blob("xxx", "")))
    assert [known.get(file) is not None for file in files] == [True, False, True, True]
    known.put(files[3], Known(Blob("x" * 300_000, "")))
    known.put(files[2], Known(Blob("x" * 9, "")))
    assert [known.get(file) is not None for file in files] == [False, False, True, False]
