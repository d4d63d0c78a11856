"""Reviews are posted whole or not at all, with GitHub's reasons."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fakes.conftest import Scene


async def post(scene: Scene, *comments: dict[str, Any], **fields: Any) -> httpx.Response:
    body = {"event": "COMMENT", "body": "Look", "commit_id": scene.pull.head_sha, "comments": list(comments)}
    return await scene.api.post("pulls/1/reviews", json=body | fields)


def on(line: int, **fields: Any) -> dict[str, Any]:
    return {"path": "shop.py", "line": line, "side": "RIGHT", "body": "why?"} | fields


async def test_comments_stand_where_they_were_put(scene: Scene) -> None:
    assert (await post(scene, on(6, start_line=5, start_side="RIGHT"), on(5, side="LEFT"))).status_code == 200
    first, second = scene.github.review_comments(scene.pull)
    assert (first["start_line"], first["line"], first["side"]) == (5, 6, "RIGHT")
    assert first["diff_hunk"].splitlines()[-1] == "+line 5b"
    assert (second["line"], second["side"], second["diff_hunk"].splitlines()[-1]) == (5, "LEFT", "-line 5")
    assert scene.github.reviews(scene.pull)[0]["state"] == "COMMENTED"


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        (on(20), "Pull request review thread line must be part of the diff"),
        (on(31, start_line=5), "Pull request review thread start line must be part of the same hunk"),
        (on(6, start_line=6), "Pull request review thread start line must precede the end line."),
        (on(6, start_line=20), "Pull request review thread start line must be part of the diff"),
        (on(1, path="docs/readme.md"), "Path could not be resolved"),
        (on(5, body=" "), "Body can't be blank"),
        (on(5, body="x" * 65_537), "Body is too long"),
    ],
)
async def test_one_bad_comment_refuses_them_all(scene: Scene, comment: dict[str, Any], reason: str) -> None:
    response = await post(scene, on(5), comment)
    assert (response.status_code, response.json()["message"]) == (422, "Unprocessable Entity")
    assert response.json()["errors"][0].startswith(reason)
    assert scene.github.reviews(scene.pull) == scene.github.review_comments(scene.pull) == []


@pytest.mark.parametrize("body", ["", "  \n", None])
async def test_a_comment_review_needs_a_body(scene: Scene, body: str | None) -> None:
    assert (await post(scene, body=body)).status_code == 422


async def test_a_request_for_changes_can_be_dismissed_and_a_comment_cant(scene: Scene) -> None:
    asked = (await post(scene, event="REQUEST_CHANGES")).json()
    path = f"pulls/1/reviews/{asked['id']}/dismissals"
    assert (await scene.api.put(path, json={"message": " "})).status_code == 422
    assert (await scene.api.put(path, json={"message": "done"})).json()["state"] == "DISMISSED"
    assert (await scene.api.put(path, json={"message": "done"})).status_code == 422
    said = (await post(scene)).json()
    again = await scene.api.put(f"pulls/1/reviews/{said['id']}/dismissals", json={"message": "done"})
    assert again.json()["errors"] == ["Can not dismiss a commented pull request review"]


@pytest.mark.parametrize(("event", "status"), [("COMMENT", 200), ("REQUEST_CHANGES", 422), ("APPROVE", 422)])
async def test_nobody_judges_their_own_pull_request(scene: Scene, event: str, status: int) -> None:
    scene.pull.author = scene.github.world.bot
    assert (await post(scene, event=event)).status_code == status


async def test_a_body_may_have_65536_characters(scene: Scene) -> None:
    assert (await post(scene, body="😀" * 65_536)).status_code == 200
    assert (await post(scene, body="x" * 65_537)).status_code == 422


async def test_a_comment_of_a_review_cant_be_on_a_file(scene: Scene) -> None:
    assert (await post(scene, on(5, subject_type="file"))).status_code == 422


async def test_a_commit_that_was_pushed_away_is_refused(scene: Scene) -> None:
    former = scene.pull.head_sha
    scene.github.push(scene.pull, scene.git.amend({"shop.py": "all new\n"}))
    response = await post(scene, commit_id=former)
    assert response.json()["errors"] == ["end_commit_oid is not part of the pull request"]


async def test_without_an_event_the_review_is_pending_and_blocks_the_next(scene: Scene) -> None:
    assert (await scene.api.post("pulls/1/reviews", json={"body": "later"})).json()["state"] == "PENDING"
    response = await post(scene)
    assert response.json()["errors"] == ["User can only have one pending review per pull request"]


async def test_a_push_outdates_comments_on_files_that_changed(scene: Scene) -> None:
    await post(scene, on(5), {"path": "new.py", "line": 1, "body": "why?"})
    scene.github.push(scene.pull, scene.git.commit({"shop.py": "all new\n"}))
    on_shop, on_new = scene.github.review_comments(scene.pull)
    assert (on_shop["line"], on_shop["original_line"]) == (None, 5)
    assert (on_new["line"], on_new["commit_id"]) == (1, scene.pull.head_sha)


async def test_a_file_comment_needs_no_line(scene: Scene) -> None:
    wanted = {"path": "new.py", "body": "all of it", "commit_id": scene.pull.head_sha, "subject_type": "file"}
    comment = (await scene.api.post("pulls/1/comments", json=wanted)).json()
    assert (comment["subject_type"], comment["line"]) == ("file", None)


async def test_a_single_comment_outside_the_diff_is_refused(scene: Scene) -> None:
    wanted = {
        "path": "shop.py",
        "body": "why?",
        "commit_id": scene.pull.head_sha,
        "line": 20,
        "side": "RIGHT",
    }
    response = await scene.api.post("pulls/1/comments", json=wanted)
    assert response.json()["message"] == "Validation Failed"
    assert response.json()["errors"][0]["field"] == "pull_request_review_thread.line"
