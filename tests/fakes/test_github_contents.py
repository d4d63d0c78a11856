"""Files by path, tarballs from another host, and writes through the Git Data API."""

from __future__ import annotations

import base64
import io
import tarfile

import httpx

from tests.fakes.api import installation_client
from tests.fakes.conftest import Scene, scene_of
from tests.fakes.github import FakeGitHub
from tests.fakes.repository import GitRepository


async def test_a_file_comes_in_base64(scene: Scene) -> None:
    shown = (await scene.api.get("contents/new.py", params={"ref": scene.pull.head_sha})).json()
    assert base64.b64decode(shown["content"]) == b"print('new')"


async def test_a_file_comes_raw_where_it_is_asked_for(scene: Scene) -> None:
    headers = {"accept": "application/vnd.github.raw+json"}
    response = await scene.api.get("contents/new.py", params={"ref": "feature"}, headers=headers)
    assert response.text == "print('new')"


async def test_above_one_megabyte_content_is_empty_and_raw_is_whole(git: GitRepository) -> None:
    git.commit({"big.txt": "x" * (1024 * 1024 + 1)})
    async with FakeGitHub.serve() as github, scene_of(github, git) as scene:
        shown = (await scene.api.get("contents/big.txt", params={"ref": "feature"})).json()
        assert (shown["content"], shown["encoding"], shown["size"]) == ("", "none", 1024 * 1024 + 1)
        headers = {"accept": "application/vnd.github.raw"}
        raw = await scene.api.get("contents/big.txt", params={"ref": "feature"}, headers=headers)
        assert len(raw.content) == 1024 * 1024 + 1


async def test_what_isnt_there_is_not_found(scene: Scene) -> None:
    assert (await scene.api.get("contents/nothing.py")).status_code == 404
    assert (await scene.api.get("contents/new.py", params={"ref": "nowhere"})).status_code == 404


async def test_a_tarball_comes_from_another_host(scene: Scene) -> None:
    redirect = await scene.api.get(f"tarball/{scene.pull.head_sha}")
    assert redirect.status_code == 302
    location = redirect.headers["location"]
    assert not location.startswith(scene.github.url)
    archive = await scene.api.get(location, headers={"authorization": ""}, follow_redirects=False)
    assert archive.status_code == 400
    followed = await scene.api.get(f"tarball/{scene.pull.head_sha}", follow_redirects=True)
    with tarfile.open(fileobj=io.BytesIO(followed.content)) as tar:
        prefix = f"octo-shop-{scene.pull.head_sha[:7]}"
        assert set(tar.getnames()) == {prefix} | {
            f"{prefix}/{name}" for name in ("docs", "docs/readme.md", "new.py", "shop.py")
        }


async def test_a_token_sent_to_the_archive_host_is_refused(scene: Scene) -> None:
    location = (await scene.api.get("tarball/main")).headers["location"]
    async with httpx.AsyncClient(trust_env=False) as client:
        leaked = await client.get(location, headers=dict(scene.api.headers))
    assert leaked.status_code == 400


async def commit_docs(scene: Scene, parent: str) -> str:
    tree = await scene.api.post(
        "git/trees",
        json={
            "base_tree": parent,
            "tree": [{"path": "docs/new.md", "mode": "100644", "type": "blob", "content": "# New\n"}],
        },
    )
    body = {"message": "Docs", "tree": tree.json()["sha"], "parents": [parent]}
    commit: str = (await scene.api.post("git/commits", json=body)).json()["sha"]
    return commit


async def test_a_commit_keeps_the_files_of_its_base(scene: Scene) -> None:
    commit = await commit_docs(scene, scene.pull.base_sha)
    tree = (await scene.api.get(f"git/trees/{commit}", params={"recursive": "1"})).json()["tree"]
    assert [row["path"] for row in tree if row["type"] == "blob"] == [
        "docs/new.md",
        "docs/readme.md",
        "shop.py",
    ]


async def test_a_commit_is_the_bots(scene: Scene) -> None:
    commit = (await scene.api.get(f"git/commits/{await commit_docs(scene, scene.pull.base_sha)}")).json()
    assert commit["author"]["name"] == "quorum[bot]"


async def test_a_ref_is_created_once_and_moves_forwards_only(scene: Scene) -> None:
    commit, base = await commit_docs(scene, scene.pull.base_sha), scene.pull.base_sha
    ref = {"ref": "refs/heads/docs", "sha": commit}
    assert (await scene.api.post("git/refs", json=ref)).status_code == 201
    assert (await scene.api.post("git/refs", json=ref)).json()["message"] == "Reference already exists"
    back = await scene.api.patch("git/refs/heads/docs", json={"sha": base})
    assert back.json()["message"] == "Update is not a fast forward"
    assert (
        await scene.api.patch("git/refs/heads/docs", json={"sha": base, "force": True})
    ).status_code == 200


async def test_workflows_cant_be_written(scene: Scene) -> None:
    row = {"path": ".github/workflows/evil.yml", "mode": "100644", "type": "blob", "content": "x"}
    response = await scene.api.post("git/trees", json={"tree": [row]})
    assert response.status_code == 403


async def test_a_second_pull_request_for_a_branch_is_refused(scene: Scene) -> None:
    wanted = {"title": "Again", "head": "feature", "base": "main"}
    response = await scene.api.post("pulls", json=wanted)
    assert response.json()["errors"][0]["message"] == "A pull request already exists for octo:feature."


async def test_writes_never_reach_the_repository_behind(scene: Scene) -> None:
    before = scene.git.git("for-each-ref")
    commit = await commit_docs(scene, scene.pull.base_sha)
    await scene.api.patch("git/refs/heads/main", json={"sha": commit})
    assert scene.git.git("for-each-ref") == before


async def test_a_reader_cant_write(scene: Scene) -> None:
    async with installation_client(scene.github, scene.repository, contents="read") as api:
        assert (await api.post("git/blobs", json={"content": "x"})).status_code == 403


async def test_the_pull_list_finds_a_head(scene: Scene) -> None:
    found = (await scene.api.get("pulls", params={"head": "octo:feature"})).json()
    assert [pull["number"] for pull in found] == [1]
    assert (await scene.api.get("pulls", params={"head": "octo:other"})).json() == []
