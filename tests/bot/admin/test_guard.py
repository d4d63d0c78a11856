"""Who may in."""

from __future__ import annotations

import httpx
import pytest
from structlog.testing import capture_logs

from tests.bot.admin.operating import BEARER, TOKEN, Operated
from tests.bot.serving import receiving

PATH = "/orchestrator/current-spend"


async def with_header(simple: Operated, header: str | None) -> httpx.Response:
    request = simple.client.build_request("GET", PATH)
    del request.headers["authorization"]
    if header is not None:
        request.headers["authorization"] = header
    return await simple.client.send(request)


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN}"])
async def test_the_token_lets_in(simple: Operated, header: str) -> None:
    assert (await with_header(simple, header)).status_code == 200


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"]
)
async def test_anything_else_is_refused_with_a_challenge(simple: Operated, header: str | None) -> None:
    answer = await with_header(simple, header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="quorum"'
    assert answer.headers["content-type"] == "application/problem+json"
    assert "QUORUM_ADMIN_TOKEN" in answer.json()["detail"]


async def test_ten_failures_in_a_minute_shut_out_until_it_is_over(simple: Operated) -> None:
    for _ in range(10):
        assert (await with_header(simple, "Bearer wrong")).status_code == 401
    refused = await with_header(simple, BEARER["authorization"])
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "61")
    simple.clock.advance(61)
    assert (await with_header(simple, BEARER["authorization"])).status_code == 200


async def test_failures_of_earlier_minutes_are_forgotten(simple: Operated) -> None:
    for _ in range(9):
        await with_header(simple, "Bearer wrong")
    simple.clock.advance(61)
    await with_header(simple, "Bearer wrong")
    assert (await with_header(simple, BEARER["authorization"])).status_code == 200


async def test_what_was_tried_is_never_logged(simple: Operated) -> None:
    with capture_logs() as logs:
        await with_header(simple, f"Bearer {TOKEN}-nearly")
    assert len(logs) == 1
    assert TOKEN not in str(logs)


async def test_without_a_token_set_there_is_no_interface(sqlite_url: str) -> None:
    async with receiving(sqlite_url) as receiver, receiver.client() as client:
        for path in (PATH, "/openapi.json", "/settings/category/orchestrator"):
            assert (await client.get(path, headers=BEARER)).status_code == 404


async def test_nothing_is_kept_and_nothing_is_shared_with_browsers(simple: Operated) -> None:
    for answer in (await simple.client.get(PATH), await with_header(simple, None)):
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        assert "set-cookie" not in answer.headers
