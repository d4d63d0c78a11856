"""Every endpoint is driven once, and every answer and webhook meets GitHub's published schema."""

from __future__ import annotations

import base64
import gzip
import importlib
import json
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from starlette.routing import compile_path

from tests.fakes.api import app_client, installation_client
from tests.fakes.conftest import Receiver, Scene, scene_of
from tests.fakes.github import FakeGitHub, Installation, Repository
from tests.fakes.github.routes import all_routes
from tests.fakes.repository import GitRepository


def ok(response: httpx.Response) -> Any:
    assert response.status_code < 400, response.text
    return response.json() if response.content else None


async def read_repository(scene: Scene) -> None:
    sha = scene.pull.head_sha
    entry = ok(await scene.api.get("contents/new.py", params={"ref": sha}))
    for path in (
        f"{scene.github.url}/repos/octo/shop", f"{scene.github.url}/repositories/{scene.repository.id}",
        "pulls", "pulls/1", "pulls/1/files", "pulls/1/commits", "contents/docs", f"contents/link?ref={sha}",
        f"contents/vendored?ref={sha}", f"git/trees/{sha}?recursive=1", f"git/blobs/{entry['sha']}", f"git/commits/{sha}",
        "git/ref/heads/main", "git/matching-refs/heads/", f"commits/{sha}", f"tarball/{sha}",
        f"compare/main...{sha}", "collaborators/mona/permission",
    ):  # fmt: skip
        ok(await scene.api.get(path))


async def read_issues(scene: Scene) -> None:
    issue = scene.github.open_issue(scene.repository, "Prices are wrong", "By one cent.")
    for number in (scene.pull.number, issue.number):
        ok(await scene.api.get(f"issues/{number}"))


async def converse(scene: Scene) -> None:
    api, sha = scene.api, scene.pull.head_sha
    line = {"path": "shop.py", "line": 6, "side": "RIGHT", "start_line": 5, "body": "why?"}
    wanted = {"event": "COMMENT", "body": "Look", "commit_id": sha, "comments": [line]}
    review = ok(await api.post("pulls/1/reviews", json=wanted))
    pending = ok(await api.post("pulls/1/reviews", json={"body": "later"}))
    ok(await api.post(f"pulls/1/reviews/{pending['id']}/events", json={"event": "COMMENT"}))
    pending = ok(await api.post("pulls/1/reviews", json={"body": "never"}))
    ok(await api.delete(f"pulls/1/reviews/{pending['id']}"))
    ok(await api.put(f"pulls/1/reviews/{review['id']}", json={"body": "Look here"}))
    request = ok(await api.post("pulls/1/reviews", json={"event": "REQUEST_CHANGES", "body": "Please"}))
    ok(await api.put(f"pulls/1/reviews/{request['id']}/dismissals", json={"message": "Thanks"}))
    for path in ("reviews", f"reviews/{review['id']}", f"reviews/{review['id']}/comments", "comments"):
        ok(await api.get(f"pulls/1/{path}"))
    ok(await api.post(f"{scene.github.url}/graphql", json={"query": "query { __typename }"}))
    await comment_on_files(scene)


async def label(scene: Scene) -> None:
    api = scene.api
    ok(await api.post("labels", json={"name": "a: b", "color": "0e8a16", "description": "c"}))
    ok(await api.get("labels/a%3A%20b"))
    ok(await api.post("issues/1/labels", json={"labels": ["a: b", "new"]}))
    ok(await api.get("issues/1/labels"))
    ok(await api.delete("issues/1/labels/a%3A%20b"))


async def scan(scene: Scene) -> None:
    world, repository = scene.github.world, scene.repository
    world.code_scanning.add(repository.id)
    world.installations[repository.installation_id or 0].permissions["security_events"] = "write"
    run = {"tool": {"driver": {"name": "q", "rules": []}}, "results": []}
    sarif = base64.b64encode(gzip.compress(json.dumps({"version": "2.1.0", "runs": [run]}).encode())).decode()
    wanted = {"commit_sha": scene.pull.head_sha, "ref": "refs/pull/1/head", "sarif": sarif}
    async with installation_client(scene.github, repository, security_events="write") as api:
        ok(await api.post("code-scanning/sarifs", json=wanted))


async def comment_on_files(scene: Scene) -> None:
    api = scene.api
    wanted = {
        "path": "new.py",
        "body": "whole file",
        "commit_id": scene.pull.head_sha,
        "subject_type": "file",
    }
    comment = ok(await api.post("pulls/1/comments", json=wanted))
    reply = ok(await api.post(f"pulls/1/comments/{comment['id']}/replies", json={"body": "indeed"}))
    assert reply["in_reply_to_id"] == comment["id"]
    ok(await api.patch(f"pulls/comments/{comment['id']}", json={"body": "the whole file"}))
    ok(await api.get(f"pulls/comments/{comment['id']}"))
    await react(scene, f"pulls/comments/{comment['id']}/reactions")
    ok(await api.delete(f"pulls/comments/{reply['id']}"))
    spoken = ok(await api.post("issues/1/comments", json={"body": "summary"}))
    ok(await api.patch(f"issues/comments/{spoken['id']}", json={"body": "new summary"}))
    ok(await api.get(f"issues/comments/{spoken['id']}"))
    ok(await api.get("issues/1/comments"))
    await react(scene, f"issues/comments/{spoken['id']}/reactions")
    await react(scene, "issues/1/reactions")
    ok(await api.delete(f"issues/comments/{spoken['id']}"))


async def react(scene: Scene, path: str) -> None:
    reaction = ok(await scene.api.post(path, json={"content": "eyes"}))
    assert len(ok(await scene.api.get(path))) == 1
    ok(await scene.api.delete(f"{path}/{reaction['id']}"))


async def check(scene: Scene) -> None:
    api, sha = scene.api, scene.pull.head_sha
    run = ok(await api.post("check-runs", json={"name": "q", "head_sha": sha, "status": "in_progress"}))
    note = {"path": "shop.py", "start_line": 5, "end_line": 5, "annotation_level": "warning", "message": "m"}
    output = {"title": "t", "summary": "s", "text": "x", "annotations": [note]}
    done = {"status": "completed", "conclusion": "neutral", "output": output}
    ok(await api.patch(f"check-runs/{run['id']}", json=done))
    scene.github.foreign_check(scene.repository, sha, "ci")
    for path in (
        f"check-runs/{run['id']}",
        f"check-runs/{run['id']}/annotations",
        f"commits/{sha}/check-runs",
    ):
        ok(await api.get(path))
    ok(await api.post(f"check-runs/{run['id']}/rerequest"))


async def write_branch(scene: Scene) -> None:
    api, sha = scene.api, scene.pull.head_sha
    blob = ok(await api.post("git/blobs", json={"content": "# Docs\n"}))
    row = {"path": "docs/new.md", "mode": "100644", "type": "blob", "sha": blob["sha"]}
    tree = ok(await api.post("git/trees", json={"base_tree": sha, "tree": [row]}))
    commit = ok(
        await api.post("git/commits", json={"message": "Docs", "tree": tree["sha"], "parents": [sha]})
    )
    ref = ok(await api.post("git/refs", json={"ref": "refs/heads/docs", "sha": sha}))
    assert ref["object"]["sha"] == sha
    ok(await api.patch("git/refs/heads/docs", json={"sha": commit["sha"]}))
    made = ok(await api.post("pulls", json={"title": "Docs", "head": "docs", "base": "main"}))
    ok(await api.patch(f"pulls/{made['number']}", json={"title": "The docs"}))
    ok(await api.delete("git/refs/heads/docs"))


async def ask_about_the_app(scene: Scene) -> None:
    installation, name = scene.repository.installation_id, scene.repository.full_name
    async with app_client(scene.github) as app:
        for path in (
            "/app",
            "/app/installations",
            f"/app/installations/{installation}",
            f"/repos/{name}/installation",
        ):
            ok(await app.get(path))
        await scene.github.delivered()
        ok(await app.get("/app/hook/config"))
        rows = ok(await app.get("/app/hook/deliveries"))
        ok(await app.get(f"/app/hook/deliveries/{rows[0]['id']}"))
        ok(await app.post(f"/app/hook/deliveries/{rows[0]['id']}/attempts"))
    base = scene.github.url
    for path in ("/users/quorum[bot]", "/rate_limit", "/installation/repositories"):
        ok(await scene.api.get(base + path))
    ok(await scene.api.delete(f"{base}/installation/token"))


WEBHOOKS = {
    "check_run.completed", "check_run.created", "check_run.requested_action", "check_run.rerequested",
    "installation_repositories.added", "installation_repositories.removed", "installation_target.renamed",
    "installation.created", "installation.suspend", "installation.unsuspend",
    "issue_comment.created", "issue_comment.deleted", "issue_comment.edited",
    "pull_request.closed", "pull_request.edited", "pull_request.unlabeled",
    "pull_request.labeled", "pull_request.opened", "pull_request.ready_for_review",
    "pull_request.reopened", "pull_request.synchronize", "pull_request_review.dismissed",
    "pull_request_review.submitted",
    "pull_request_review_comment.created", "pull_request_review_thread.resolved",
    "pull_request_review_thread.unresolved", "push.", "repository.archived", "repository.deleted",
    "repository.edited", "repository.renamed", "repository.transferred", "repository.unarchived",
}  # fmt: skip


def act(scene: Scene) -> None:
    github, pull = scene.github, scene.pull
    run = github.foreign_check(scene.repository, pull.head_sha, "ci")
    github.rerequest(run)
    github.request_action(run, "fix")
    github.push(pull, scene.git.commit({"more.py": "1\n"}))
    github.label(pull, "bug")
    github.unlabel(pull, "bug")
    github.edit_title(pull, "Change the shop again")
    thread = github.comment_on_review(pull, "mona", "why?", path="more.py", line=1)
    github.comment_on_review(pull, "octo", "because", in_reply_to=thread)
    github.resolve_thread(thread)
    github.unresolve_thread(thread)
    github.push_branch(scene.repository, "main", scene.git.commit({"even_more.py": "1\n"}))
    github.ready(pull)
    github.close(pull)
    github.reopen(pull)
    installation = github.world.installations[scene.repository.installation_id or 0]
    github.announce(installation)
    github.suspend(installation)
    github.unsuspend(installation)
    own(github, installation, scene.repository)


def own(github: FakeGitHub, installation: Installation, repository: Repository) -> None:
    github.rename(repository, "store")
    github.edit_default_branch(repository, "feature")
    github.archive(repository)
    github.unarchive(repository)
    github.remove_repositories(installation, repository)
    github.add_repositories(installation, repository)
    github.rename_account("octo", "octocorp")
    github.transfer(repository, github.install("monalisa", kind="User"))
    github.delete_repository(repository)


def schema_of(event: str, action: str) -> TypeAdapter[Any]:
    models = importlib.import_module("githubkit_schemas.v2026_03_10.models")
    name = "".join(word.title() for word in f"{event}_{action}".strip("_").split("_"))
    kind: Any = getattr(models, f"Webhook{name}")
    return TypeAdapter(kind)


@pytest.mark.slow
async def test_every_endpoint_and_webhook_meets_the_published_schema(
    git: GitRepository, receiver: Receiver
) -> None:
    git.symlink("link", "shop.py")
    git.commit({}, "Add a link")
    git.commit_submodule("vendored", "a" * 40)
    async with FakeGitHub.serve(strict_schemas=True) as github:
        github.webhook_target = receiver.url
        async with scene_of(github, git) as scene:
            for part in (
                read_repository,
                read_issues,
                converse,
                label,
                scan,
                check,
                write_branch,
                ask_about_the_app,
            ):
                await part(scene)
            act(scene)
            await github.delivered()
        asked = {(one.method, one.path.partition("?")[0]) for one in github.requests if one.status < 400}
        unasked = [
            f"{endpoint.method} {endpoint.path}"
            for endpoint in all_routes(github._sender)
            if not any(
                method == endpoint.method and compile_path(endpoint.path)[0].match(path)
                for method, path in asked
            )
        ]
        assert unasked == []
        sent = {f"{one.event}.{one.action}": one for one in github.deliveries}
        assert sent.keys() == WEBHOOKS
        for delivery in sent.values():
            schema_of(delivery.event, delivery.action).validate_json(delivery.payload)
