"""What a request may look like."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.bot.admin.operating import TOKEN, Operated
from tests.bot.serving import exchange

ESTIMATE = "/orchestrator/estimate-cost"
GOOD = {"quality_tier": "balanced", "estimated_usage": {"review": 1}}


def places(problem: dict[str, Any]) -> list[str]:
    return [one["where"] for one in problem["errors"]]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, ["quality_tier", "estimated_usage"]),
        (GOOD | {"quality_tier": "gold"}, ["quality_tier"]),
        (GOOD | {"estimated_usage": {"review": -1}}, ["estimated_usage.review"]),
        (GOOD | {"estimated_usage": {"review": 1.5}}, ["estimated_usage.review"]),
        (GOOD | {"estimated_usage": {}}, ["estimated_usage"]),
        (GOOD | {"tier": 1}, ["tier"]),
        ([], [""]),
    ],
)
async def test_a_body_that_does_not_fit_is_told_where(simple: Operated, body: Any, where: list[str]) -> None:
    answer = await simple.client.post(ESTIMATE, json=body)
    assert (answer.status_code, places(answer.json())) == (400, where)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 60_000, b'{"quality_tier": NaN}'])
async def test_what_is_no_json_is_refused(simple: Operated, raw: bytes) -> None:
    answer = await simple.client.post(ESTIMATE, content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_values_are_never_repeated(simple: Operated) -> None:
    answer = await simple.client.post(ESTIMATE, json=GOOD | {"quality_tier": "sk-my-key"})
    assert "sk-my-key" not in answer.text


async def test_another_type_of_content_is_refused(simple: Operated) -> None:
    answer = await simple.client.post(
        ESTIMATE, content=json.dumps(GOOD), headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 415


async def test_a_body_of_more_than_64_kib_is_refused_also_when_it_hides_its_length(simple: Operated) -> None:
    async def chunks() -> Any:
        for _ in range(70):
            yield b" " * 1024

    headers = {"content-type": "application/json"}
    for content in (b" " * 70 * 1024, chunks()):
        answer = await simple.client.post(ESTIMATE, content=content, headers=headers)
        assert answer.status_code == 413


@pytest.mark.slow
async def test_a_body_that_does_not_come_is_not_waited_for(simple: Operated) -> None:
    head = (
        f"POST {ESTIMATE} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n"
        "content-type: application/json\r\ncontent-length: 10\r\n\r\n{"
    )
    port = simple.client.base_url.port
    assert port is not None
    async with asyncio.timeout(10):
        assert b" 408 " in (await exchange(port, head.encode())).splitlines()[0]


@pytest.mark.parametrize(
    "query", ["?month=2026", "?month=2026-13", "?months=2026-11", "?month=2026-11&month=2026-10"]
)
async def test_a_query_that_does_not_fit_is_refused(simple: Operated, query: str) -> None:
    answer = await simple.client.get(f"/orchestrator/spend{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_a_database_that_is_away_is_told_as_such(sqlite_url: str) -> None:
    from tests.bot.admin.operating import operating

    async with operating("sqlite+aiosqlite:////nowhere/at/all.db") as away:
        answer = await away.client.get("/orchestrator/current-spend")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
