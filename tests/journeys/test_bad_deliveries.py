"""What strangers and confused senders post to the receiver: a status that says so, and nothing else happens."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.databases import Valkey
from tests.fakes.github import Pull
from tests.fakes.github.pulls import pull_json
from tests.fakes.github.repositories import repository_json
from tests.journeys.shared_world import SINK, Services, propose, shared
from tests.journeys.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024
CHANGE = {"shop/run.py": SINK}
ANSWER_TIMEOUT_S = 20.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey
) -> AsyncIterator[World]:
    services = Services(sqlite_template, valkey_server.url)
    impatient = {"QUORUM_RECEIVE_TIMEOUT_S": "1"}
    async with shared(
        tmp_path_factory.mktemp("deliveries"), services, answer=None, settings=impatient
    ) as world:
        yield world


def unannounced(world: World, branch: str) -> Pull:
    """A pull request that no webhook told of."""
    target, world.github.webhook_target = world.github.webhook_target, None
    pull = propose(world, branch, CHANGE)
    world.github.webhook_target = target
    return pull


def payload(world: World, pull: Pull, action: str = "opened") -> bytes:
    """The body of the webhook that GitHub would have sent."""
    state = world.github.world
    return json.dumps(
        {
            "action": action,
            "number": pull.number,
            "pull_request": pull_json(state, pull),
            "repository": repository_json(state, pull.repository),
            "installation": {"id": pull.repository.installation_id, "node_id": "I_1"},
        }
    ).encode()


def headers(world: World, raw: bytes, **changed: str) -> dict[str, str]:
    """A delivery's headers, well signed; `changed` has underscores for hyphens, an empty value removes one."""
    app = world.github.app
    signature = hmac.new(app.webhook_secret.encode(), raw, hashlib.sha256).hexdigest()
    usual = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": str(uuid.uuid4()),
        "x-github-hook-installation-target-type": "integration",
        "x-github-hook-installation-target-id": str(app.app_id),
        "x-hub-signature-256": f"sha256={signature}",
    }
    said = usual | {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in said.items() if value}


async def post(world: World, raw: bytes, said: dict[str, str]) -> tuple[int, str]:
    """Status and outcome (empty when it was refused)."""
    async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_TIMEOUT_S) as client:
        answer = await client.post(f"{world.stack.url}/webhook", content=raw, headers=said)
    return answer.status_code, answer.json().get("outcome", "")


@dataclass(frozen=True)
class Bad:
    """A delivery that asks for no work: its body from a good one, changed headers, and the answer it gets."""

    name: str
    answer: tuple[int, str]
    body: Callable[[bytes], bytes] = lambda raw: raw
    changed: dict[str, str] = field(default_factory=dict)


BAD = (
    Bad("wrong signature", (401, ""), changed={"x_hub_signature_256": "sha256=" + "0" * 64}),
    Bad("signed with sha1 only", (401, ""), changed={"x_hub_signature_256": "", "x_hub_signature": "sha1=0"}),
    Bad("no signature", (401, ""), changed={"x_hub_signature_256": ""}),
    Bad("another app", (400, ""), changed={"x_github_hook_installation_target_id": "1"}),
    Bad("no event", (400, ""), changed={"x_github_event": ""}),
    Bad("no uuid", (400, ""), changed={"x_github_delivery": "../../etc/passwd"}),
    Bad("not JSON", (202, "unparsed"), body=lambda raw: raw[:-1]),
    Bad("not UTF-8", (202, "unparsed"), body=lambda raw: raw.replace(b"opened", b"\xff\xfe")),
    Bad("empty", (202, "unparsed"), body=lambda _: b""),
    Bad("nested beyond reason", (202, "unparsed"), body=lambda _: b"[" * 200_000),
    Bad("a list", (202, "unparsed"), body=lambda raw: b"[" + raw + b"]"),
    Bad("numbers as text", (202, "unparsed"), body=lambda raw: raw.replace(b'"number": ', b'"number": "x", "n": ')),
    Bad("unknown action", (202, "ignored"), body=lambda raw: raw.replace(b'"opened"', b'"renamed_in_2031"')),
    Bad("unknown event", (202, "ignored"), changed={"x_github_event": "sponsorship"}),
)  # fmt: skip


async def send(world: World, bad: Bad, good: bytes) -> tuple[int, str]:
    raw = bad.body(good)
    return await post(world, raw, headers(world, raw, **bad.changed))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name.replace(" ", "-"))
async def test_a_bad_delivery_is_answered_with_its_status(world: World, bad: Bad) -> None:
    pull = unannounced(world, bad.name.replace(" ", "-"))
    assert await send(world, bad, payload(world, pull)) == bad.answer


async def test_a_26_mb_delivery_is_refused(world: World) -> None:
    """The length alone is enough: nothing of the body is waited for."""
    head = f"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: {26 * MIB}\r\n\r\n"
    assert (await spoken(world, head.encode())).startswith(b"HTTP/1.1 413 ")


async def test_26_mb_of_unknown_length_are_refused_on_the_way(world: World) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(26):
            yield b" " * MIB

    async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_TIMEOUT_S) as client:
        answer = await client.post(f"{world.stack.url}/webhook", content=chunks())
    assert answer.status_code == 413


async def test_an_endless_body_is_refused_in_time(world: World) -> None:
    head = b"POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    assert (await spoken(world, head, drip=b"1\r\nx\r\n")).startswith(b"HTTP/1.1 408 ")


async def test_what_was_refused_unsigned_is_reviewed_when_it_comes_signed(world: World) -> None:
    """All bad deliveries at once, about one pull request: nothing happens to it until the good one comes."""
    pull = unannounced(world, "announced-late")
    good = payload(world, pull)
    answers = await asyncio.gather(*(send(world, bad, good) for bad in BAD))
    assert answers == [bad.answer for bad in BAD]
    assert not world.github.check_runs(pull.head_sha)
    assert await post(world, good, headers(world, good)) == (202, "wanted")
    await world.reviewed(pull)
    assert [one["path"] for one in world.github.review_comments(pull)][:1] == ["shop/run.py"]


async def test_a_lie_about_a_pull_request_delays_nobody(world: World) -> None:
    """A signed delivery about a number that GitHub does not know: others are reviewed meanwhile."""
    pull = unannounced(world, "beside-a-lie")
    good = payload(world, pull)
    lie = good.replace(b'"number": %d' % pull.number, b'"number": 4040')
    assert await post(world, lie, headers(world, lie)) == (202, "wanted")
    assert await post(world, good, headers(world, good)) == (202, "wanted")
    await world.reviewed(pull)
    assert len(world.github.reviews(pull)) == 1


async def spoken(world: World, head: bytes, drip: bytes = b"") -> bytes:
    """What the receiver says to `head`, while `drip` follows again and again until it hangs up."""
    port = int(world.stack.settings["QUORUM_PORT"])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    dripping = asyncio.create_task(_drip(writer, drip))
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            return await reader.read(64)
    finally:
        dripping.cancel()
        writer.close()


async def _drip(writer: asyncio.StreamWriter, drip: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        while drip:
            writer.write(drip)
            await writer.drain()
            await asyncio.sleep(0.02)
