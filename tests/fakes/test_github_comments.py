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


@pytest.mark.parametrize(
    ("role", "permission"),
    [("maintain", "write"), ("triage", "read"), ("admin", "admin"), ("read", "read"), ("none", "none")],
)
async def test_a_role_is_told_by_its_name_and_by_what_it_is_made_of(
    scene: Scene, role: str, permission: str
) -> None:
    scene.github.set_permission(scene.repository, "mona", role)
    shown = (await scene.api.get("collaborators/mona/permission")).json()
    assert (shown["role_name"], shown["permission"]) == (role, permission)
    assert shown["user"]["id"] == scene.github.world.user("mona").id


def test_there_are_no_other_roles(scene: Scene) -> None:
    with pytest.raises(ValueError, match="no role"):
        scene.github.set_permission(scene.repository, "mona", "boss")


async def test_a_thread_is_started_and_answered(scene: Scene) -> None:
    first = scene.github.comment_on_review(scene.pull, "mona", "why?", path="shop.py", line=5)
    answer = scene.github.comment_on_review(scene.pull, "octo", "because", in_reply_to=first.id)
    again = scene.github.comment_on_review(scene.pull, "mona", "I see", in_reply_to=answer)
    shown = (await scene.api.get("pulls/1/comments")).json()
    assert [one.get("in_reply_to_id") for one in shown] == [None, first.id, first.id]
    assert [one["user"]["login"] for one in shown] == ["mona", "octo", "mona"]
    assert again.in_reply_to_id == first.id


@pytest.mark.parametrize(("body", "status"), [(" ", 422), ("x" * 65_536, 201), ("x" * 65_537, 422)])
async def test_replies_have_limits(scene: Scene, body: str, status: int) -> None:
    first = scene.github.comment_on_review(scene.pull, "mona", "why?", path="shop.py")
    response = await scene.api.post(f"pulls/1/comments/{first.id}/replies", json={"body": body})
    assert response.status_code == status


async def test_what_is_gone_is_not_answered_and_not_reacted_to(scene: Scene) -> None:
    assert (await scene.api.post("pulls/1/comments/5/replies", json={"body": "x"})).status_code == 404
    for kind in ("issues", "pulls"):
        response = await scene.api.post(f"{kind}/comments/5/reactions", json={"content": "eyes"})
        assert response.status_code == 404
