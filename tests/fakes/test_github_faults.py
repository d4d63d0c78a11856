"""Limits and planned failures."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from tests.fakes.clock import Clock
from tests.fakes.conftest import Scene, scene_of
from tests.fakes.github import FakeGitHub, Fault, Happening, Limits
from tests.fakes.repository import GitRepository

COMMENTS = ("POST", ".*/issues/1/comments")


async def comment(scene: Scene) -> httpx.Response:
    return await scene.api.post("issues/1/comments", json={"body": "hello"})


async def test_a_dropped_answer_took_effect(scene: Scene) -> None:
    scene.github.faults.add(Fault(COMMENTS, "drop_after_commit"))
    with pytest.raises(httpx.TransportError):
        await comment(scene)
    assert len(scene.github.issue_comments(scene.pull)) == 1
    assert [one.status for one in scene.github.requests if one.method == "POST"][-1] == 0


async def test_a_disconnect_before_the_work_has_no_effect(scene: Scene) -> None:
    scene.github.faults.add(Fault(COMMENTS, "disconnect"))
    with pytest.raises(httpx.TransportError):
        await comment(scene)
    assert scene.github.issue_comments(scene.pull) == []


@pytest.mark.parametrize(("kind", "comments"), [("status", 0), ("status_after_commit", 1)])
async def test_a_bad_gateway_before_or_after_the_work(scene: Scene, kind: str, comments: int) -> None:
    scene.github.faults.add(Fault(COMMENTS, kind))
    assert (await comment(scene)).status_code == 502
    assert len(scene.github.issue_comments(scene.pull)) == comments
    assert (await comment(scene)).status_code == 201


async def test_a_fault_can_wait_for_its_turn(scene: Scene) -> None:
    scene.github.faults.add(Fault(COMMENTS, "unauthorised_once", after=1))
    assert [(await comment(scene)).status_code for _ in range(3)] == [201, 401, 201]


async def test_the_secondary_limit_names_a_wait_or_none(scene: Scene) -> None:
    scene.github.faults.add(Fault(COMMENTS, "secondary_limit"))
    scene.github.faults.add(Fault(COMMENTS, "secondary_limit", retry_after_s=30, after=1))
    silent, named = await comment(scene), await comment(scene)
    assert "secondary rate limit" in silent.json()["message"]
    assert (silent.headers.get("retry-after"), named.headers["retry-after"]) == (None, "30")
    assert silent.headers["x-ratelimit-remaining"] != "0"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(COMMENTS, "secondary_limit", retry_after_s=30), (403, "20", 2, 0)),
        (Fault(COMMENTS, "secondary_limit", retry_after_s=30, status=429), (429, "20", 2, 0)),
        (Fault(COMMENTS, "secondary_limit"), (403, None, 2, 1)),
        (Fault(COMMENTS, "primary_limit", retry_after_s=30), (403, None, 1, 0)),
    ],
    ids=["named", "as 429", "without a time", "an hour used up"],
)
async def test_whoever_was_asked_to_wait_is_refused_until_then(
    git: GitRepository, fault: Fault, told: tuple[int, str | None, int, int]
) -> None:
    """Also another path, and GraphQL for a secondary limit; what was under way when it was said is served."""
    clock = Clock(1_700_000_000.0)
    limits = Limits(under_way_s=5)
    async with FakeGitHub.serve(clock=clock, limits=limits) as github, scene_of(github, git) as scene:
        github.faults.add(replace(fault))
        assert (await comment(scene)).status_code == told[0]
        assert (await comment(scene)).status_code == 201
        clock.advance(10)
        later = await comment(scene)
        assert (later.status_code, later.headers.get("retry-after")) == told[:2]
        await scene.api.post(f"{github.url}/graphql", json={"query": "{ rateLimit { cost } }"})
        assert (limits.violations, limits.learned) == told[2:]
        clock.advance(51)
        assert (await comment(scene)).status_code == 201


async def test_the_primary_limit_shows_nothing_remaining(scene: Scene) -> None:
    scene.github.faults.add(Fault(("*", ".*"), "primary_limit"))
    response = await scene.api.get("pulls/1")
    assert (response.status_code, response.headers["x-ratelimit-remaining"]) == (403, "0")


async def test_requests_run_out_and_come_back_after_an_hour(git: GitRepository) -> None:
    clock = Clock(1_700_000_000.0)
    async with (
        FakeGitHub.serve(clock=clock, limits=Limits(requests_per_hour=3)) as github,
        scene_of(github, git) as scene,
    ):
        answers = [await scene.api.get("git/ref/heads/main") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 403]
        assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
        assert answers[-1].headers["x-ratelimit-reset"] == str(1_700_000_000 + 3600)
        clock.advance(3500)
        assert (await scene.api.get("git/ref/heads/main")).status_code == 403


async def test_content_can_be_limited_by_the_minute(git: GitRepository) -> None:
    clock = Clock(1_700_000_000.0)
    async with (
        FakeGitHub.serve(clock=clock, limits=Limits(content_per_minute=2)) as github,
        scene_of(github, git) as scene,
    ):
        assert [(await comment(scene)).status_code for _ in range(3)] == [201, 201, 403]
        clock.advance(61)
        assert (await comment(scene)).status_code == 201


async def test_an_unchanged_answer_is_304_and_free(scene: Scene) -> None:
    first = await scene.api.get("pulls/1")
    again = await scene.api.get("pulls/1", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"]


async def test_a_stale_replica_shows_the_former_head(scene: Scene) -> None:
    former = scene.pull.head_sha
    scene.github.push(scene.pull, scene.git.commit({"more.py": "1\n"}))
    scene.github.faults.add(Fault(("GET", ".*/pulls/1"), "stale_head"))
    seen = [(await scene.api.get("pulls/1")).json()["head"]["sha"] for _ in range(2)]
    assert seen == [former, scene.pull.head_sha]


async def test_a_delay_ends_when_the_client_gives_up(scene: Scene) -> None:
    scene.github.faults.add(Fault(COMMENTS, "delay", delay_s=3600))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await comment(scene)
    assert scene.github.issue_comments(scene.pull) == []


async def test_a_hanging_client_doesnt_hold_up_the_shutdown() -> None:
    async with FakeGitHub.serve() as github:
        port = int(github.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /app/installations/1/access_tokens HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
        await writer.drain()
        await asyncio.sleep(0.01)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    await writer.wait_closed()


async def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="unknown fault 'earthquake'"):
        Fault(COMMENTS, "earthquake")


async def test_an_unknown_path_is_not_found(scene: Scene) -> None:
    assert (await scene.api.get("nothing/here")).json()["message"] == "Not Found"


async def test_observers_hear_of_every_change(scene: Scene) -> None:
    heard: list[Happening] = []
    scene.github.on_event(heard.append)
    await comment(scene)
    scene.github.close(scene.pull)
    assert [one.kind for one in heard] == ["issue_comment.created", "pull_request.closed"]


async def test_latency_is_added_to_every_answer(git: GitRepository) -> None:
    async with FakeGitHub.serve(latency_s=0.02) as github, scene_of(github, git) as scene:
        loop = asyncio.get_running_loop()
        start = loop.time()
        await scene.api.get("pulls/1")
        assert loop.time() - start >= 0.02
