"""The broker over a real socket: what it does, what it refuses, and what it never says."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio
from starlette.responses import JSONResponse, Response
from structlog.testing import capture_logs

from config.settings import Settings
from tests.bot.brokering import IDENTITY, brokering, caller, raw
from tests.fakes.listener import listening
from tests.workers.github.scripted import FakeTime, Scripted, error
from workers.domain.errors import TransientError
from workers.github.brokering import BrokerAwayError
from workers.github.client import Clients, open_clients
from workers.github.errors import PermissionMissingError, RefusedError
from workers.github.permissions import DELIVER, READ, REVIEW
from workers.github.signing import DerivedSecrets

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKENS = "/app/installations/7/access_tokens"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, Scripted]]:
    """One broker and its GitHub for all."""
    github, path = Scripted(), tmp_path_factory.mktemp("broker") / "run" / "broker.sock"
    async with listening(github) as github.url, brokering(path, github.url):
        yield path, github


@pytest.fixture
def socket(running: tuple[Path, Scripted]) -> Path:
    return running[0]


@pytest.fixture
def github(running: tuple[Path, Scripted]) -> Scripted:
    """Without what earlier tests scripted and asked."""
    running[1].script.clear()
    running[1].seen.clear()
    running[1].mints.clear()
    return running[1]


@pytest_asyncio.fixture(loop_scope="module")
async def clients(socket: Path, github: Scripted) -> AsyncIterator[Clients]:
    """A worker's, which has no key."""
    async with _without_key(socket, github.url, FakeTime()) as clients:
        yield clients


def _without_key(socket: Path, url: str, time: FakeTime) -> Any:
    settings = Settings(app_id=99, broker_socket=socket, github_api_url=url)
    return open_clients(settings, timing=time.timing())


async def test_a_worker_without_the_key_gets_tokens_of_its_scope(clients: Clients, github: Scripted) -> None:
    github.on("GET /thing", {"answer": 42})
    assert await clients.client(7, 42, REVIEW).get("/thing") == {"answer": 42}
    [mint] = github.mints
    assert mint.body == {"permissions": dict(REVIEW), "repository_ids": [42]}
    claims = jwt.decode(mint.headers["authorization"].split()[1], options={"verify_signature": False})
    assert claims["iss"] == "Iv1.quorum"
    assert github.seen[0].headers["authorization"] == "Bearer t1"


async def test_pages_of_the_app_go_on_through_the_broker(clients: Clients, github: Scripted) -> None:
    second = f'<{github.url}/app/installations?per_page=100&page=2>; rel="next"'
    github.on(
        "GET /app/installations", JSONResponse([{"id": 1}], headers={"link": second}), JSONResponse([{"id": 2}])
    )  # fmt: skip
    pages = [page async for page in clients.app.pages("/app/installations", {"per_page": 100})]
    assert pages == [[{"id": 1}], [{"id": 2}]]
    assert [dict(seen.query) for seen in github.seen] == [
        {"per_page": "100"},
        {"per_page": "100", "page": "2"},
    ]


async def test_what_github_refuses_is_told_in_its_words(clients: Clients, github: Scripted) -> None:
    github.on(f"POST {TOKENS}", error(422, "The permissions requested are not granted."))
    with pytest.raises(PermissionMissingError, match="are not granted"):
        await clients.client(7, 42, DELIVER).get("/thing")


async def test_githubs_clock_is_signed_by_once_it_refused_ours(clients: Clients, github: Scripted) -> None:
    """The client sends once more; what was learned meanwhile is the broker's."""
    ahead_s = time.time() + 300
    told = {"date": formatdate(ahead_s, usegmt=True)}
    github.on("GET /app", JSONResponse({"message": "'Issued at' claim"}, 401, told), {"slug": "quorum"})
    assert await clients.app.get("/app") == {"slug": "quorum"}
    _, second = (seen.headers["authorization"].split()[1] for seen in github.seen)
    issued = jwt.decode(second, options={"verify_signature": False})["iat"]
    assert abs(issued - (ahead_s - 60)) < 10


async def test_derived_secrets_are_those_of_whoever_holds_the_key(clients: Clients) -> None:
    assert await clients.derive("description") == await DerivedSecrets(IDENTITY).derive("description")
    with pytest.raises(RefusedError):
        await clients.derive("anything else")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/app", None, 200),
        ("GET", "/broker", None, 200),
        ("POST", "/app/hook/deliveries/12/attempts", None, 200),
        ("POST", TOKENS, {"permissions": dict(READ)}, 201),
        ("POST", TOKENS, {"permissions": {"metadata": "read"}, "repository_ids": [1]}, 201),
        # what would be more than any job needs
        ("POST", TOKENS, {}, 400),
        ("POST", TOKENS, {"permissions": {}}, 400),
        ("POST", TOKENS, {"permissions": dict(REVIEW)}, 403),
        ("POST", TOKENS, {"permissions": {"administration": "read"}, "repository_ids": [1]}, 403),
        ("POST", TOKENS, {"permissions": {"contents": "admin"}, "repository_ids": [1]}, 400),
        ("POST", TOKENS, {"permissions": dict(DELIVER) | {"checks": "write"}, "repository_ids": [1]}, 403),
        ("POST", TOKENS, {"permissions": dict(READ), "repository_ids": [1, 2]}, 400),
        ("POST", TOKENS, {"permissions": dict(READ), "repository_ids": ["1"]}, 400),
        ("POST", TOKENS, {"permissions": dict(READ), "repositories": ["shop"]}, 400),
        ("PATCH", "/app/hook/config", {"url": "https://example.com"}, 405),
        ("DELETE", "/app/installations/7", None, 405),
        ("POST", "/app/installations/7/suspended", {}, 403),
        ("GET", f"/app/installations/{'9' * 5000}", None, 403),
        ("GET", "/app/installations/7%2Faccess_tokens", None, 403),
        ("GET", "/app/../user", None, 404),
        ("GET", "/app?per_page=1&per_page=2", None, 400),
        ("GET", "/app?redirect=https://example.com", None, 400),
        ("GET", "/user", None, 404),
        ("GET", "/broker/secrets/private_key", None, 404),
    ],
)
async def test_only_what_a_job_needs_is_done(
    socket: Path, github: Scripted, method: str, path: str, body: Any, status: int
) -> None:
    for call in ("GET /app", "POST /app/hook/deliveries/12/attempts"):
        github.on(call, {})
    async with caller(socket) as client:
        answer = await client.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    reached = len(github.seen) + len(github.mints)
    assert reached == (1 if status < 300 and path != "/broker" else 0), "nothing that is refused goes further"


def posted(body: bytes, length: int | None = None) -> bytes:
    """A request for a token, as bytes."""
    named = len(body) if length is None else length
    return b"POST %s HTTP/1.1\r\nhost: broker\r\ncontent-length: %d\r\n\r\n" % (TOKENS.encode(), named) + body


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x00\xff\x16\x03\x01",
        b"GET /app HTTP/1.1\r\n\r\n",
        b"GET /user HTTP/1.1\r\nhost: [::::\r\nconnection: close\r\n\r\n",
        b"GET /app HTTP/9.9\r\nhost: broker\r\n\r\n",
        posted(b"\xff\xfe"),
        posted(b"{}", length=60),
        posted(b"[" * 4000),
        posted(b"[" * 5000),
        posted(b'{"permissions": {"contents": "read"}, "repository_ids": [%s]}' % (b"9" * 4000)),
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nhost: broker\r\n\r\n",
    ],
)
async def test_whatever_is_sent_the_next_one_is_served(socket: Path, github: Scripted, sent: bytes) -> None:
    with capture_logs() as logs:
        answer = await raw(socket, sent)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), answer
    assert "request failed" not in {one["event"] for one in logs}
    async with caller(socket) as client:
        assert (await client.get("/broker")).json() == {"app": "Iv1.quorum"}
    assert not github.mints


async def test_neither_logs_nor_answers_hold_a_secret(
    socket: Path, github: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    github.on("GET /app", Response(b"{}", 500))
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        async with caller(socket) as client:
            minted = await client.post(TOKENS, json={"permissions": dict(READ)})
            refused = await client.post(TOKENS, json={"permissions": {"t1": "read"}})
            failed = await client.get("/app")
    assert minted.json()["token"] == "t1"
    bearer = github.mints[0].headers["authorization"].split()[1]
    said = json.dumps(logs) + caplog.text + refused.text + failed.text + str(failed.headers)
    for secret in (bearer, '"t1"', IDENTITY.private_key.get_secret_value()[60:100]):
        assert secret not in said
    assert {
        "purpose": "reading",
        "installation_id": 7,
        "repository_ids": None,
        "status": 201,
    }.items() <= next(one for one in logs if one["event"] == "token").items(), "but who got which is told"


async def test_too_many_calls_are_told_to_wait(tmp_path: Path, github: Scripted) -> None:
    github.on("GET /app", {})
    path = tmp_path / "run" / "broker.sock"
    async with brokering(path, github.url, calls_max=2), caller(path) as client:
        answers = [await client.get("/app") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "1"


async def test_a_github_that_is_away_is_the_moments_fault(tmp_path: Path) -> None:
    path, nobody = tmp_path / "run" / "broker.sock", "http://127.0.0.1:9"
    async with brokering(path, nobody), _without_key(path, nobody, FakeTime()) as clients:
        with pytest.raises(TransientError) as raised:
            await clients.app.get("/app")
    assert not isinstance(raised.value, BrokerAwayError)


async def test_a_broker_that_is_away_parks_work_until_it_is_back(tmp_path: Path, github: Scripted) -> None:
    path, time = tmp_path / "run" / "broker.sock", FakeTime()
    github.on("GET /thing", {})
    async with _without_key(path, github.url, time) as clients:
        with pytest.raises(BrokerAwayError) as raised:
            await clients.client(7, 42, REVIEW).get("/thing")
        time.at += raised.value.retry_after_s
        async with brokering(path, github.url):
            assert await clients.client(7, 42, REVIEW).get("/thing") == {}


async def test_strangers_are_sent_away_unheard(tmp_path: Path, github: Scripted) -> None:
    path = tmp_path / "run" / "broker.sock"
    async with brokering(path, github.url, uids=frozenset((4_000_000,))), caller(path) as client:
        with pytest.raises(httpx.TransportError), capture_logs() as logs:
            await client.get("/broker")
    assert [one["event"] for one in logs] == ["a stranger was sent away"]
