"""Branches that the app writes: rules refuse it, webhooks tell of it, pull requests follow."""

from __future__ import annotations

import json

from tests.fakes.conftest import Receiver, Scene
from tests.fakes.test_github_contents import commit_docs

REF = "git/refs/heads/feature"


async def test_a_branch_that_moves_is_told_and_its_pull_request_follows(
    scene: Scene, receiver: Receiver
) -> None:
    scene.github.webhook_target = receiver.url
    before, after = scene.pull.head_sha, await commit_docs(scene, scene.pull.head_sha)
    assert (await scene.api.patch(REF, json={"sha": after})).status_code == 200
    await scene.github.delivered()
    assert receiver.events == ["push", "pull_request"]
    push, pull = (json.loads(raw) for _, raw in receiver.received)
    assert (push["ref"], push["before"], push["after"]) == ("refs/heads/feature", before, after)
    assert push["commits"][0]["added"] == ["docs/new.md"]
    assert (pull["action"], pull["pull_request"]["head"]["sha"]) == ("synchronize", after)
    assert {push["sender"]["login"], pull["sender"]["login"]} == {"quorum[bot]"}
    assert (await scene.api.delete(REF)).status_code == 204
    assert scene.pull.state == "closed"


async def test_rules_of_a_repository_restrict_branches(scene: Scene) -> None:
    scene.repository.restricted = ("feature", "quorum/**")
    commit = await commit_docs(scene, scene.pull.head_sha)
    made = await scene.api.post("git/refs", json={"ref": "refs/heads/quorum/docs/x", "sha": commit})
    moved = await scene.api.patch(REF, json={"sha": commit})
    for answer in (made, moved, await scene.api.delete(REF)):
        assert answer.status_code == 422
        assert answer.json()["message"].startswith("Repository rule violations found")


async def test_what_is_not_there_cant_be_removed_from_a_tree(scene: Scene) -> None:
    row = {"path": "docs/never.md", "mode": "100644", "type": "blob", "sha": None}
    answer = await scene.api.post("git/trees", json={"base_tree": scene.pull.base_sha, "tree": [row]})
    assert (answer.status_code, answer.json()["message"]) == (422, "GitRPC::BadObjectState")


async def test_an_empty_repository_has_no_refs(scene: Scene) -> None:
    scene.repository.git.run("update-ref", "-d", "refs/heads/main")
    scene.repository.git.run("update-ref", "-d", "refs/heads/feature")
    assert (await scene.api.get("git/ref/heads/main")).status_code == 409


async def test_two_commits_are_compared_from_where_they_parted(scene: Scene) -> None:
    base = await commit_docs(scene, scene.pull.base_sha)
    found = (await scene.api.get(f"compare/{base}...{scene.pull.head_sha}", params={"per_page": 1})).json()
    assert found["merge_base_commit"]["sha"] == scene.pull.base_sha
    assert (found["status"], found["behind_by"], len(found["commits"])) == ("diverged", 1, 1)
