"""The conversation: comments, reactions, who may do what."""

from __future__ import annotations

import pytest

from tests.fakes.conftest import Scene


async def test_only_the_apps_own_comments_can_be_edited(scene: Scene) -> None:
    own = (await scene.api.post("issues/1/comments", json={"body": "mine"})).json()
    foreign = scene.github.comment(scene.pull, "mona", "hers")
    for number, status in ((own["id"], 200), (foreign.id, 403)):
        response = await scene.api.patch(f"issues/comments/{number}", json={"body": "new"})
        assert response.status_code == status
    assert [one["body"] for one in scene.github.issue_comments(scene.pull)] == ["new", "hers"]


@pytest.mark.parametrize(("body", "status"), [("", 422), ("x" * 65_536, 201), ("x" * 65_537, 422)])
async def test_bodies_have_limits(scene: Scene, body: str, status: int) -> None:
    assert (await scene.api.post("issues/1/comments", json={"body": body})).status_code == status


async def test_reacting_twice_changes_nothing(scene: Scene) -> None:
    path = f"issues/comments/{scene.github.comment(scene.pull, 'mona', '/quorum review').id}/reactions"
    assert (await scene.api.post(path, json={"content": "eyes"})).status_code == 201
    assert (await scene.api.post(path, json={"content": "eyes"})).status_code == 200
    assert (await scene.api.post(path, json={"content": "applause"})).status_code == 422


@pytest.mark.parametrize(
    ("login", "permission"), [("octo", "admin"), ("mona", "write"), ("quorum[bot]", "none")]
)
async def test_permissions_of_collaborators(scene: Scene, login: str, permission: str) -> None:
    response = await scene.api.get(f"collaborators/{login}/permission")
    assert response.json()["permission"] == permission


async def test_an_unknown_account_has_no_permission(scene: Scene) -> None:
    assert (await scene.api.get("collaborators/nobody/permission")).status_code == 404


async def test_a_deleted_comment_is_gone(scene: Scene) -> None:
    own = (await scene.api.post("issues/1/comments", json={"body": "mine"})).json()
    assert (await scene.api.delete(f"issues/comments/{own['id']}")).status_code == 204
    assert (await scene.api.patch(f"issues/comments/{own['id']}", json={"body": "x"})).status_code == 404
