"""The receiver over real HTTP: what comes in, what is kept, what is answered."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from tests.bot.payloads import (
    APP_ID,
    EVERY,
    Payload,
    check_run,
    dump,
    headers,
    installation,
    issue_comment,
    ping,
    pull_request,
    push,
    sign,
)
from tests.bot.serving import Receiver, exchange, receiving
from tests.databases import Postgres
from workers.storage.migrate import migrate
from workers.storage.tables import delivery, work
from workers.storage.tables import installation as installations

MIB = 1024 * 1024
RAW = dump(pull_request())


@pytest.fixture
async def receiver(sqlite_url: str) -> AsyncIterator[Receiver]:
    async with receiving(sqlite_url) as receiver:
        yield receiver


async def post(
    receiver: Receiver, raw: bytes = RAW, event: str = "pull_request", **more: str
) -> httpx.Response:
    async with receiver.client() as client:
        return await client.post("/webhook", content=raw, headers=headers(raw, event, **more))


async def kept(receiver: Receiver) -> list[str]:
    return [row.outcome for row in await receiver.rows(delivery)]


async def generations(receiver: Receiver) -> list[int]:
    return [row.wanted_gen for row in await receiver.rows(work)]


async def test_a_signed_delivery_is_kept_and_wakes_a_worker(database_url: str) -> None:
    async with receiving(database_url) as receiver:
        answer = await post(receiver)
        assert (answer.status_code, answer.json()) == (202, {"outcome": "wanted"})
        assert await kept(receiver) == ["wanted"]
        assert await generations(receiver) == [1]
    assert receiver.kicks == 1


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "sha256=" + "0" * 64, sign(RAW).upper(), "sha1=abc", sign(RAW, b"guess")]
)
async def test_a_wrong_signature_is_refused(receiver: Receiver, signature: str) -> None:
    answer = await post(receiver, x_hub_signature_256=signature)
    assert answer.status_code == 401
    assert "error" in answer.json()
    assert await kept(receiver) == []


async def test_a_signature_that_is_not_ascii_is_refused(receiver: Receiver) -> None:
    head = headers(RAW)
    raw_headers = [(name.encode(), value.encode()) for name, value in head.items() if "signature" not in name]
    raw_headers.append((b"x-hub-signature-256", "sha256=ü".encode()))
    async with receiver.client() as client:
        answer = await client.post("/webhook", content=RAW, headers=raw_headers)
    assert answer.status_code == 401


async def test_no_signature_is_refused(receiver: Receiver) -> None:
    async with receiver.client() as client:
        answer = await client.post("/webhook", content=RAW, headers={"x-github-event": "pull_request"})
    assert answer.status_code == 401


async def test_the_previous_secret_still_signs(receiver: Receiver) -> None:
    assert (await post(receiver, x_hub_signature_256=sign(RAW, b"old"))).status_code == 202


async def test_a_delivery_for_another_app_is_refused(receiver: Receiver) -> None:
    answer = await post(receiver, x_github_hook_installation_target_id=str(APP_ID + 1))
    assert (answer.status_code, await kept(receiver)) == (400, [])


@pytest.mark.parametrize("guid", ["", "1", "../../etc/passwd", "x" * 300])
async def test_a_guid_is_a_uuid(receiver: Receiver, guid: str) -> None:
    assert (await post(receiver, x_github_delivery=guid)).status_code == 400


async def test_an_event_has_a_name(receiver: Receiver) -> None:
    assert (await post(receiver, event="")).status_code == 400


async def test_a_declared_26_mb_body_is_refused_before_it_comes(receiver: Receiver) -> None:
    head = f"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: {26 * MIB}\r\n\r\n".encode()
    assert (await exchange(receiver.port, head)).startswith(b"HTTP/1.1 413 ")


async def test_a_26_mb_body_without_a_length_is_refused_on_the_way(receiver: Receiver) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(26):
            yield b" " * MIB

    async with receiver.client() as client:
        answer = await client.post("/webhook", content=chunks(), headers=headers(b""))
    assert answer.status_code == 413


async def test_a_large_delivery_within_the_limit_is_taken(receiver: Receiver) -> None:
    raw = dump(pull_request(padding="x" * 3 * MIB))
    assert (await post(receiver, raw)).json() == {"outcome": "wanted"}


async def test_a_slow_body_is_refused_and_the_connection_closed(sqlite_url: str) -> None:
    head = b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf"
    async with receiving(sqlite_url, receive_timeout_s=0.1) as receiver:
        assert (await exchange(receiver.port, head)).startswith(b"HTTP/1.1 408 ")


async def test_an_endless_body_is_refused(sqlite_url: str) -> None:
    head = b"POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    chunk = b"1\r\nx\r\n"
    async with receiving(sqlite_url, receive_timeout_s=0.2) as receiver:
        answer = await exchange(receiver.port, head, *[chunk] * 4, pause_s=0.005)
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("raw", [b"not json", b"", b"[]", b'{"action": "opened"}', b'{"action": 7}'])
async def test_a_known_event_of_another_shape_is_kept_as_unparsed(receiver: Receiver, raw: bytes) -> None:
    assert (await post(receiver, raw)).json() == {"outcome": "unparsed"}
    assert await kept(receiver) == ["unparsed"]


async def test_nothing_of_a_body_reaches_the_log(receiver: Receiver) -> None:
    structlog.reset_defaults()
    raw = b'{"action": "opened", "number": "hunter2", "hunter2": {}}'
    with capture_logs() as logs:
        await post(receiver, raw)
    assert [entry["log_level"] for entry in logs] == ["error"]
    assert "hunter2" not in str(logs)


@pytest.mark.parametrize(
    ("event", "raw"),
    [
        ("star", b'{"action": "created"}'),
        ("star", b"not json"),
        ("pull_request", dump(pull_request("labeled"))),
        ("pull_request", b'{"action": "an_action_of_next_year"}'),
        ("check_run", dump(check_run("completed"))),
        ("issue_comment", dump(issue_comment("Thanks!"))),
        ("push", dump(push("refs/heads/feature"))),
        ("ping", dump(ping())),
    ],
)
async def test_what_is_none_of_our_business_leaves_no_row(receiver: Receiver, event: str, raw: bytes) -> None:
    answer = await post(receiver, raw, event)
    assert (answer.status_code, answer.json()) == (202, {"outcome": "ignored"})
    assert await kept(receiver) == []


async def test_an_installation_is_noted(receiver: Receiver) -> None:
    assert (await post(receiver, dump(installation()), "installation")).json() == {"outcome": "noted"}
    assert [row.account for row in await receiver.rows(installations)] == ["octo-org"]


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("installation_repositories", EVERY["installation_repositories"]),
        ("installation_target", EVERY["installation_target"]),
        ("pull_request_review_thread", EVERY["pull_request_review_thread"]),
        ("repository", EVERY["repository"]),
    ],
)
async def test_what_is_only_told_is_noted(receiver: Receiver, event: str, payload: Payload) -> None:
    assert (await post(receiver, dump(payload), event)).json() == {"outcome": "noted"}
    assert (await kept(receiver), await generations(receiver)) == (["noted"], [])


@pytest.mark.parametrize("event", ["issue_comment", "pull_request_review_comment", "push"])
async def test_commands_and_pushes_are_wanted(receiver: Receiver, event: str) -> None:
    assert (await post(receiver, dump(EVERY[event]), event)).json() == {"outcome": "wanted"}
    assert await generations(receiver) == [1]


async def test_a_duplicate_guid_is_one_row_and_one_generation(receiver: Receiver) -> None:
    guid = str(uuid.uuid4())
    answers = [await post(receiver, x_github_delivery=guid) for _ in range(3)]
    assert [answer.json()["outcome"] for answer in answers] == ["wanted", "duplicate", "duplicate"]
    assert (await kept(receiver), await generations(receiver)) == (["wanted"], [1])


async def test_another_delivery_of_the_same_pull_request_is_another_generation(receiver: Receiver) -> None:
    await post(receiver)
    await post(receiver)
    assert await generations(receiver) == [2]


async def test_fifty_deliveries_at_once_share_few_commits(receiver: Receiver) -> None:
    async with receiver.client() as client:
        posts = (client.post("/webhook", content=RAW, headers=headers(RAW)) for _ in range(50))
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {202}
    assert sum(receiver.commits) == 50
    assert len(receiver.commits) <= 25
    assert await generations(receiver) == [50]


async def test_a_database_that_is_away_answers_503_and_heals(tmp_path: Path) -> None:
    """The folder of the database is there a moment later: the redelivery is kept."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'volume' / 'quorum.db'}"
    guid = str(uuid.uuid4())
    async with receiving(url) as receiver:
        answer = await post(receiver, x_github_delivery=guid)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        await migrate(url)
        assert (await post(receiver, x_github_delivery=guid)).status_code == 202
        assert await kept(receiver) == ["wanted"]


async def test_other_paths_and_methods_are_refused_as_json(receiver: Receiver) -> None:
    async with receiver.client() as client:
        answers = [await client.get("/webhook"), await client.get("/nothing")]
    assert [(answer.status_code, "error" in answer.json()) for answer in answers] == [
        (405, True),
        (404, True),
    ]


async def test_connections_that_the_server_ended_answer_503_and_heal(postgres: Postgres) -> None:
    """PostgreSQL takes no connections for a while: nothing is promised, and the redelivery is kept."""
    guid = str(uuid.uuid4())
    async with receiving(await asyncio.to_thread(postgres.migrated)) as receiver:
        await post(receiver)
        await asyncio.to_thread(postgres.shut)
        try:
            assert (await post(receiver, x_github_delivery=guid)).status_code == 503
        finally:
            await asyncio.to_thread(postgres.open)
        assert (await post(receiver, x_github_delivery=guid)).json() == {"outcome": "wanted"}
        assert await kept(receiver) == ["wanted", "wanted"]
