"""GraphQL at the fake GitHub: threads in pages, resolved by whoever may, everything else refused as GitHub refuses it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.api import installation_client
from tests.fakes.conftest import Receiver, Scene
from tests.fakes.github.values import ReviewComment

THREADS = """
query ($number: Int!, $size: Int, $after: String) {
  repository(owner: "octo", name: "shop") { pullRequest(number: $number) {
    reviewThreads(first: $size, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id isResolved isOutdated resolvedBy { login }
        comments(first: 1) { nodes { fullDatabaseId author { __typename login ... on Bot { databaseId } } } } }
    } } }
}
"""
SET = "mutation ($id: ID!) { %s(input: {threadId: $id}) { thread { isResolved } } }"
RESOLVE, UNRESOLVE = SET % "resolveReviewThread", SET % "unresolveReviewThread"


async def ask(scene: Scene, query: str, permissions: dict[str, str] | None = None, **variables: Any) -> Any:
    async with installation_client(scene.github, scene.repository, **(permissions or {})) as api:
        reply = await api.post(f"{scene.github.url}/graphql", json={"query": query, "variables": variables})
    assert reply.status_code == 200
    return reply.json()


def remark(scene: Scene, author: str = "quorum[bot]") -> ReviewComment:
    return scene.github.comment_on_review(scene.pull, author, "look here", path="shop.py", line=5)


def threads(answer: Any) -> Any:
    return answer["data"]["repository"]["pullRequest"]["reviewThreads"]


async def test_threads_come_in_pages_with_their_first_comment(scene: Scene) -> None:
    ours, hers = remark(scene), remark(scene, "mona")
    scene.github.comment_on_review(scene.pull, "mona", "why?", in_reply_to=ours)
    page = threads(await ask(scene, THREADS, number=1, size=1))
    [first] = page["nodes"]
    assert first["comments"]["nodes"] == [
        {
            "fullDatabaseId": str(ours.id),
            "author": {"__typename": "Bot", "login": "quorum", "databaseId": scene.github.app.bot_id},
        }
    ]
    assert page["pageInfo"]["hasNextPage"]
    rest = threads(await ask(scene, THREADS, number=1, size=1, after=page["pageInfo"]["endCursor"]))
    assert [one["id"] for one in rest["nodes"]] == [f"PRRT_{hers.id}"]
    assert not rest["pageInfo"]["hasNextPage"]


async def test_resolving_is_told_to_everybody_once(scene: Scene, receiver: Receiver) -> None:
    thread = f"PRRT_{remark(scene).id}"
    scene.github.webhook_target = receiver.url
    for query in (RESOLVE, RESOLVE, UNRESOLVE):
        answer = await ask(scene, query, id=thread)
        assert answer["data"] == {
            "unresolveReviewThread" if query is UNRESOLVE else "resolveReviewThread": {
                "thread": {"isResolved": query is RESOLVE}
            }
        }
    await scene.github.delivered()
    told = [(json.loads(body)["action"], json.loads(body)["sender"]["id"]) for _, body in receiver.received]
    assert told == [("resolved", scene.github.app.bot_id), ("unresolved", scene.github.app.bot_id)]


async def test_a_person_who_resolved_is_named_and_a_bot_is_no_user(scene: Scene) -> None:
    ours, other = remark(scene), remark(scene)
    scene.github.resolve_thread(ours, by="mona")
    await ask(scene, RESOLVE, id=f"PRRT_{other.id}")
    named = [one["resolvedBy"] for one in threads(await ask(scene, THREADS, number=1, size=9))["nodes"]]
    assert named == [{"login": "mona"}, None]


@pytest.mark.parametrize(
    ("query", "permissions", "variables", "kind"),
    [
        (RESOLVE, {"pull_requests": "write", "contents": "read"}, {}, "FORBIDDEN"),
        (UNRESOLVE, {"contents": "write"}, {}, "FORBIDDEN"),
        (THREADS, {"contents": "read"}, {"number": 1, "size": 1}, "FORBIDDEN"),
        (RESOLVE, {}, {"id": "PRRT_5"}, "NOT_FOUND"),
        (THREADS, {}, {"number": 99, "size": 1}, "NOT_FOUND"),
        (THREADS, {}, {"number": 1}, "MISSING_PAGINATION_BOUNDARIES"),
        (THREADS, {}, {"number": 1, "size": 101}, "EXCESSIVE_PAGINATION"),
        ("query { viewerr { login } }", {}, {}, None),
        (RESOLVE, {}, {"id": None}, None),
    ],
)
async def test_what_github_refuses_is_refused_in_a_200(
    scene: Scene, query: str, permissions: dict[str, str], variables: dict[str, Any], kind: str | None
) -> None:
    given = {"id": f"PRRT_{remark(scene).id}", **variables} if query in (RESOLVE, UNRESOLVE) else variables
    answer = await ask(scene, query, permissions, **given)
    assert answer["errors"][0].get("type") == kind
    assert not scene.github.world.resolved


async def test_graphql_has_a_rate_limit_of_its_own_which_says_so_in_a_200(scene: Scene) -> None:
    limits, now = scene.github.limits, scene.github.world.clock()
    limits.exhaust(-(scene.repository.installation_id or 0), now)
    answer = await ask(scene, THREADS, number=1, size=1)
    assert answer["errors"][0]["type"] == "RATE_LIMIT"
    assert (await scene.api.get("pulls/1")).status_code == 200
