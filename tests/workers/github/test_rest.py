"""What is sent, how often, and what it ends in."""

from __future__ import annotations

import asyncio

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from tests.fakes.listener import listening
from tests.workers.github.scripted import START, FakeTime, Scripted, error, of, settings_for, speaking_to
from workers.domain.errors import RateLimitedError, TransientError, UserError
from workers.github.calls import Call
from workers.github.client import InstallationClient, open_clients
from workers.github.errors import (
    NotFoundError,
    PermissionMissingError,
    RefusedError,
    ReplyTooLargeError,
    UnknownOutcomeError,
    UnprocessableError,
)
from workers.github.permissions import READ


async def test_a_call_carries_token_version_and_media_type(
    github: Scripted, client: InstallationClient
) -> None:
    github.on("GET /thing", {"a": 1})
    assert await client.get("/thing", {"q": "x"}) == {"a": 1}
    (seen,) = github.seen
    assert seen.headers["authorization"] == "Bearer t1"
    assert seen.headers["x-github-api-version"] == "2022-11-28"
    assert seen.headers["accept"] == "application/vnd.github+json"
    assert seen.query["q"] == "x"


async def test_the_base_url_of_an_enterprise_server_keeps_its_path(time: FakeTime) -> None:
    github = Scripted()
    github.on("GET /api/v3/thing", {"ghes": True})
    async with (
        listening(github) as url,
        open_clients(settings_for(f"{url}/api/v3"), timing=time.timing()) as clients,
    ):
        github.on("POST /api/v3/app/installations/7/access_tokens", {"token": "ghes"})
        assert await of(clients).get("/thing") == {"ghes": True}
        assert of(clients).web_url == url


async def test_401_mints_a_new_token_once(github: Scripted, client: InstallationClient) -> None:
    github.on("GET /thing", error(401, "Bad credentials"), {"ok": True})
    assert await client.get("/thing") == {"ok": True}
    assert [seen.headers["authorization"] for seen in github.seen] == ["Bearer t1", "Bearer t2"]


async def test_a_second_401_is_transient(github: Scripted, client: InstallationClient) -> None:
    github.on("GET /thing", error(401, "Bad credentials"))
    with pytest.raises(TransientError, match="refused new credentials"):
        await client.get("/thing")
    assert len(github.seen) == 2


async def test_a_post_is_sent_again_after_401_since_it_was_not_done(
    github: Scripted, client: InstallationClient
) -> None:
    github.on("POST /thing", error(401), {"id": 1})
    assert await client.post("/thing", {}) == {"id": 1}


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_post_answered_5xx_is_sent_exactly_once(
    status: int, github: Scripted, client: InstallationClient
) -> None:
    github.on("POST /thing", error(status))
    with pytest.raises(UnknownOutcomeError, match="may have happened"):
        await client.post("/thing", {})
    assert len(github.calls("POST")) == 1


async def test_a_patch_that_appends_is_sent_exactly_once(
    github: Scripted, client: InstallationClient
) -> None:
    github.on("PATCH /thing", error(502))
    with pytest.raises(UnknownOutcomeError):
        await client.patch_once("/thing", {})
    assert len(github.seen) == 1


async def test_a_get_is_tried_four_times_with_growing_jittered_waits(
    github: Scripted, time: FakeTime, client: InstallationClient
) -> None:
    github.on("GET /thing", error(502))
    with pytest.raises(TransientError, match="4 attempts"):
        await client.get("/thing")
    assert len(github.seen) == 4
    assert time.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("method", ["patch", "put"])
async def test_repeatable_writes_are_retried(
    method: str, github: Scripted, client: InstallationClient
) -> None:
    github.on(f"{method.upper()} /thing", error(503), {"ok": True})
    assert await getattr(client, method)("/thing", {}) == {"ok": True}


async def test_a_server_that_is_not_there_was_surely_not_reached(time: FakeTime) -> None:
    async with listening(PlainTextResponse("gone")) as url:
        pass
    async with open_clients(settings_for(url), timing=time.timing()) as clients:
        with pytest.raises(TransientError, match="ConnectError") as raised:
            await clients.app.post("/thing", {})
    assert not isinstance(raised.value, UnknownOutcomeError)


async def test_a_short_retry_after_is_waited_for_even_by_a_post(
    github: Scripted, time: FakeTime, client: InstallationClient
) -> None:
    github.on("POST /thing", error(403, "slow down", retry_after="5"), {"id": 1})
    assert await client.post("/thing", {}) == {"id": 1}
    assert time.slept == [5.0]


async def test_a_long_retry_after_ends_the_job(
    github: Scripted, time: FakeTime, client: InstallationClient
) -> None:
    github.on("GET /thing", error(429, "slow down", retry_after="61"))
    with pytest.raises(RateLimitedError) as raised:
        await client.get("/thing")
    assert raised.value.retry_after_s == 61.0
    assert time.slept == []


async def test_while_a_limit_lasts_nothing_is_sent(
    github: Scripted, time: FakeTime, client: InstallationClient
) -> None:
    github.on("GET /thing", error(429, "slow down", retry_after="61"), {"ok": True})
    for _ in range(3):
        with pytest.raises(RateLimitedError):
            await client.get("/thing")
    assert len(github.seen) == 1
    time.at += 61.0
    assert await client.get("/thing") == {"ok": True}


async def test_primary_exhaustion_waits_until_the_reset_plus_jitter(
    github: Scripted, client: InstallationClient
) -> None:
    headers = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(START) + 600)}
    github.on("GET /thing", error(403, "API rate limit exceeded", **headers))
    with pytest.raises(RateLimitedError) as raised:
        await client.get("/thing")
    assert raised.value.retry_after_s == 600 + 1 + 2.5


async def test_a_secondary_limit_without_retry_after_doubles_from_a_minute(
    github: Scripted, time: FakeTime, client: InstallationClient
) -> None:
    limit = error(403, "You have exceeded a secondary rate limit.", x_ratelimit_remaining="4000")
    github.on("GET /thing", limit)
    waits = []
    for _ in range(6):
        with pytest.raises(RateLimitedError) as raised:
            await client.get("/thing")
        waits.append(raised.value.retry_after_s)
        time.at += raised.value.retry_after_s
    assert waits == [60, 120, 240, 480, 960, 960]


async def test_a_success_ends_the_doubling(
    github: Scripted, time: FakeTime, client: InstallationClient
) -> None:
    limit = error(403, "You have exceeded a secondary rate limit.")
    github.on("GET /thing", limit, {}, limit)
    for expected in (60.0, None, 60.0):
        if expected is None:
            await client.get("/thing")
            continue
        with pytest.raises(RateLimitedError) as raised:
            await client.get("/thing")
        assert raised.value.retry_after_s == expected
        time.at += expected


@pytest.mark.parametrize("header", ["soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_an_unreadable_retry_after_is_no_crash(
    header: str, github: Scripted, client: InstallationClient
) -> None:
    github.on("GET /thing", error(429, "slow down", retry_after=header))
    with pytest.raises(RateLimitedError) as raised:
        await client.get("/thing")
    assert raised.value.retry_after_s == 60.0


async def test_graphql_limits_come_with_status_200(github: Scripted, client: InstallationClient) -> None:
    github.on("POST /graphql", {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]})
    with pytest.raises(RateLimitedError):
        await client.graphql("query { viewer { login } }", {})


async def test_graphql_errors_are_refusals(github: Scripted, client: InstallationClient) -> None:
    github.on("POST /graphql", {"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]})
    with pytest.raises(RefusedError, match="GraphQL: no"):
        await client.graphql("mutation { x }", {})


async def test_a_missing_permission_is_named(github: Scripted, client: InstallationClient) -> None:
    refusal = error(
        403, "Resource not accessible by integration", x_accepted_github_permissions="checks=write"
    )
    github.on("POST /thing", refusal)
    with pytest.raises(PermissionMissingError, match="`checks=write`") as raised:
        await client.post("/thing", {})
    assert raised.value.permission == "checks=write"
    assert isinstance(raised.value, UserError)


async def test_422_carries_githubs_sentences(github: Scripted, client: InstallationClient) -> None:
    errors = ["line must be part of the diff", {"resource": "Label", "field": "name", "code": "invalid"}]
    github.on("POST /thing", JSONResponse({"message": "Unprocessable Entity", "errors": errors}, 422))
    with pytest.raises(UnprocessableError) as raised:
        await client.post("/thing", {})
    assert raised.value.errors == ("line must be part of the diff", "Label name invalid")


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFoundError), (410, NotFoundError), (409, RefusedError)]
)
async def test_other_refusals_are_not_retried(
    status: int, kind: type[RefusedError], github: Scripted, client: InstallationClient
) -> None:
    github.on("GET /thing", error(status, "no"))
    with pytest.raises(kind) as raised:
        await client.get("/thing")
    assert raised.value.status == status
    assert len(github.seen) == 1


async def test_an_answer_that_is_no_json_is_transient(github: Scripted, client: InstallationClient) -> None:
    github.on("GET /thing", PlainTextResponse("<html>maintenance</html>"))
    with pytest.raises(TransientError, match="no JSON"):
        await client.get("/thing")


async def test_pages_follow_the_link_header(github: Scripted, client: InstallationClient) -> None:
    link = {"link": f'<{github.url}/things?cursor=b>; rel="next"'}
    github.on("GET /things", JSONResponse([1, 2], headers=link), [3])
    assert [page async for page in client.pages("/things", {"per_page": 2})] == [[1, 2], [3]]
    assert dict(github.seen[1].query) == {"cursor": "b"}


async def test_pages_end_at_their_limit(github: Scripted, client: InstallationClient) -> None:
    github.on("GET /things", JSONResponse([1], headers={"link": f'<{github.url}/things?p=2>; rel="next"'}))
    assert len([page async for page in client.pages("/things", pages_max=3)]) == 3


async def test_a_next_page_elsewhere_never_sees_our_token(
    github: Scripted, client: InstallationClient
) -> None:
    github.on("GET /things", JSONResponse([1], headers={"link": '<http://127.0.0.1:9/things>; rel="next"'}))
    with pytest.raises(TransientError, match="not followed"):
        _ = [page async for page in client.pages("/things")]


async def test_a_redirect_to_another_host_carries_no_token(
    github: Scripted, client: InstallationClient
) -> None:
    other = Scripted()
    other.on("GET /archive", Response(b"bytes"))
    async with listening(other) as url:
        github.on("GET /tarball", RedirectResponse(f"{url}/archive", 302))
        assert await client.get_bytes("/tarball", max_bytes=100) == b"bytes"
    assert "authorization" in github.seen[0].headers
    assert "authorization" not in other.seen[0].headers


async def test_a_renamed_repository_is_followed_with_the_token(
    github: Scripted, client: InstallationClient
) -> None:
    github.on("PATCH /repos/old/name", RedirectResponse("/repositories/42", 307))
    github.on("PATCH /repositories/42", {"id": 42})
    assert await client.patch("/repos/old/name", {"a": 1}) == {"id": 42}
    assert github.seen[1].headers["authorization"] == "Bearer t1"
    assert github.seen[1].body == {"a": 1}


async def test_a_body_beyond_the_limit_is_dropped(github: Scripted, client: InstallationClient) -> None:
    github.on("GET /blob", Response(b"x" * 101))
    with pytest.raises(ReplyTooLargeError, match="larger than 100 bytes"):
        await client.get_bytes("/blob", max_bytes=100)


async def test_a_lone_surrogate_in_a_body_is_no_crash(github: Scripted, client: InstallationClient) -> None:
    github.on("POST /thing", {})
    await client.post("/thing", {"path": "caf\udce9 \N{BUG}"})
    assert github.seen[0].body == {"path": "caf? \N{BUG}"}


async def test_writes_keep_a_second_between_them_and_reads_do_not(github: Scripted, time: FakeTime) -> None:
    github.on("POST /thing", {})
    github.on("GET /thing", {})
    async with speaking_to(github, time, write_interval_s=1.0) as clients:
        client = of(clients)
        await asyncio.gather(*(client.post("/thing", {}) for _ in range(3)), client.get("/thing"))
    assert sum(time.slept) == pytest.approx(time.at - START)
    assert sum(time.slept) >= 2.0


async def test_clients_beyond_the_limit_are_closed_and_opened_again(github: Scripted, time: FakeTime) -> None:
    github.on("GET /thing", lambda seen: JSONResponse({"as": seen.headers["authorization"]}))
    async with (
        listening(github) as url,
        open_clients(settings_for(url), timing=time.timing(), open_max=2) as clients,
    ):
        answers = [await clients.client(number % 4, None, READ).get("/thing") for number in range(8)]
    assert answers[:4] == answers[4:]


def test_requests_do_not_show_their_bodies() -> None:
    assert "secret" not in repr(Call("POST", "/x", json={"body": "secret"}))
