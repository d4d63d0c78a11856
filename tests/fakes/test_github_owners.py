"""What owners and people do: each act changes what is found, and says so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.api import installation_client
from tests.fakes.conftest import Receiver, Scene
from tests.fakes.github import Installation


@pytest.fixture
async def hooked(scene: Scene, receiver: Receiver) -> AsyncIterator[Scene]:
    scene.github.webhook_target = receiver.url
    yield scene
    await scene.github.delivered()


async def told(scene: Scene, receiver: Receiver) -> tuple[str, dict[str, Any]]:
    """The newest event and its payload."""
    await scene.github.delivered()
    headers, raw = receiver.received[-1]
    return headers["x-github-event"], json.loads(raw)


def installation(scene: Scene) -> Installation:
    return scene.github.world.installations[scene.repository.installation_id or 0]


async def found(scene: Scene, name: str = "octo/shop") -> int:
    """The status of asking for a repository, redirects followed."""
    url = f"{scene.github.url}/repos/{name}"
    return (await scene.api.get(url, follow_redirects=True)).status_code


async def test_what_people_write_was_written_by_no_app(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.comment(hooked.pull, "mona", "/quorum review")
    event, payload = await told(hooked, receiver)
    assert (event, payload["action"]) == ("issue_comment", "created")
    assert payload["comment"]["performed_via_github_app"] is None
    assert payload["sender"]["login"] == "mona"


async def test_a_reply_in_a_thread_names_its_first_comment(hooked: Scene, receiver: Receiver) -> None:
    first = hooked.github.comment_on_review(hooked.pull, "mona", "why?", path="shop.py", line=5)
    hooked.github.comment_on_review(hooked.pull, "octo", "/quorum dismiss it is meant", in_reply_to=first)
    event, payload = await told(hooked, receiver)
    assert (event, payload["action"]) == ("pull_request_review_comment", "created")
    assert payload["comment"]["in_reply_to_id"] == first.id
    assert payload["pull_request"]["number"] == hooked.pull.number


async def test_a_thread_is_resolved_once_and_opened_again(hooked: Scene, receiver: Receiver) -> None:
    first = hooked.github.comment_on_review(hooked.pull, "mona", "why?", path="shop.py", line=5)
    reply = hooked.github.comment_on_review(hooked.pull, "octo", "because", in_reply_to=first)
    hooked.github.resolve_thread(reply, by="octo")
    hooked.github.resolve_thread(first)
    event, payload = await told(hooked, receiver)
    assert (event, payload["action"], payload["sender"]["login"]) == (
        "pull_request_review_thread",
        "resolved",
        "octo",
    )
    assert [one["id"] for one in payload["thread"]["comments"]] == [first.id, reply.id]
    hooked.github.unresolve_thread(first)
    assert (await told(hooked, receiver))[1]["action"] == "unresolved"
    assert receiver.events.count("pull_request_review_thread") == 2


async def test_a_push_says_where_the_branch_stood(hooked: Scene, receiver: Receiver) -> None:
    before = hooked.repository.git.refs("refs/heads/main")["refs/heads/main"]
    sha = hooked.git.commit({"more.py": "1\n"}, "More")
    hooked.github.push_branch(hooked.repository, "main", sha)
    event, payload = await told(hooked, receiver)
    assert event == "push"
    assert "action" not in payload
    assert (payload["ref"], payload["before"], payload["after"]) == ("refs/heads/main", before, sha)
    assert (payload["created"], payload["forced"]) == (False, False)
    assert payload["head_commit"]["message"] == "More"


async def test_a_new_branch_was_nowhere(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.push_branch(hooked.repository, "fresh", hooked.pull.base_sha)
    _, payload = await told(hooked, receiver)
    assert (payload["created"], payload["before"]) == (True, "0" * 40)


async def test_a_pull_request_follows_its_branch(hooked: Scene, receiver: Receiver) -> None:
    sha = hooked.git.commit({"more.py": "1\n"})
    hooked.github.push_branch(hooked.repository, "feature", sha)
    await hooked.github.delivered()
    assert receiver.events == ["push", "pull_request"]
    assert hooked.pull.head_sha == sha


async def test_titles_and_labels_change(hooked: Scene, receiver: Receiver) -> None:
    former = hooked.pull.title
    hooked.github.edit_title(hooked.pull, "WIP: shop")
    _, payload = await told(hooked, receiver)
    assert payload["changes"] == {"title": {"from": former}}
    hooked.github.label(hooked.pull, "bug")
    hooked.github.unlabel(hooked.pull, "bug")
    _, payload = await told(hooked, receiver)
    assert (payload["label"]["name"], payload["pull_request"]["labels"]) == ("bug", [])


async def test_a_transferred_repository_is_found_at_its_former_name(
    hooked: Scene, receiver: Receiver
) -> None:
    to = hooked.github.install("monalisa", kind="User")
    hooked.github.transfer(hooked.repository, to)
    _, payload = await told(hooked, receiver)
    assert (payload["repository"]["full_name"], payload["installation"]["id"]) == ("monalisa/shop", to.id)
    assert payload["changes"]["owner"]["from"]["organization"]["login"] == "octo"
    assert await found(hooked) == 404  # the old installation's token
    async with installation_client(hooked.github, hooked.repository) as api:
        response = await api.get(f"{hooked.github.url}/repos/octo/shop", follow_redirects=True)
    assert response.json()["id"] == hooked.repository.id


async def test_an_archived_repository_is_read_only(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.archive(hooked.repository)
    assert (await told(hooked, receiver))[1]["repository"]["archived"] is True
    assert await found(hooked) == 200
    response = await hooked.api.post("issues/1/comments", json={"body": "x"})
    assert (response.status_code, response.json()["message"]) == (
        403,
        "Repository was archived so is read-only.",
    )
    hooked.github.unarchive(hooked.repository)
    assert (await hooked.api.post("issues/1/comments", json={"body": "x"})).status_code == 201


async def test_another_branch_becomes_the_default(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.edit_default_branch(hooked.repository, "feature")
    _, payload = await told(hooked, receiver)
    assert payload["changes"] == {"default_branch": {"from": "main"}}
    assert payload["repository"]["default_branch"] == "feature"
    assert (await hooked.api.get("contents/new.py")).status_code == 200


async def test_a_deleted_repository_is_gone(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.delete_repository(hooked.repository)
    assert (await told(hooked, receiver))[1]["action"] == "deleted"
    assert await found(hooked) == 404


async def test_tokens_reach_what_the_installation_has_now(hooked: Scene, receiver: Receiver) -> None:
    ours = installation(hooked)
    hooked.github.remove_repositories(ours, hooked.repository)
    event, payload = await told(hooked, receiver)
    assert (event, payload["action"]) == ("installation_repositories", "removed")
    assert [one["id"] for one in payload["repositories_removed"]] == [hooked.repository.id]
    assert await found(hooked) == 404
    hooked.github.add_repositories(ours, hooked.repository)
    _, payload = await told(hooked, receiver)
    assert [one["full_name"] for one in payload["repositories_added"]] == ["octo/shop"]
    assert await found(hooked) == 200


async def test_a_renamed_account_keeps_its_id_and_leaves_its_login(hooked: Scene, receiver: Receiver) -> None:
    owner = hooked.repository.owner
    hooked.github.rename_account("octo", "octocorp")
    event, payload = await told(hooked, receiver)
    assert (event, payload["action"]) == ("installation_target", "renamed")
    assert (payload["account"]["id"], payload["account"]["login"]) == (owner.id, "octocorp")
    assert payload["changes"] == {"login": {"from": "octo"}}
    assert await found(hooked) == 200
    assert await found(hooked, "octocorp/shop") == 200
    assert hooked.github.world.user("octo").id != owner.id


async def test_a_renamed_person_keeps_their_role(hooked: Scene) -> None:
    hooked.github.rename_account("mona", "lisa")
    assert hooked.repository.roles == {"lisa": "write"}
