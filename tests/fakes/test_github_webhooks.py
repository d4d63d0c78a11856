"""Webhooks out: signed, logged, redelivered, doubled, swapped, late and lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import AsyncIterator

import pytest

from tests.fakes.api import app_client
from tests.fakes.conftest import Receiver, Scene
from tests.fakes.github import Fault


@pytest.fixture
async def hooked(scene: Scene, receiver: Receiver) -> AsyncIterator[Scene]:
    scene.github.webhook_target = receiver.url
    yield scene
    await scene.github.delivered()


def push(scene: Scene, text: str) -> None:
    scene.github.push(scene.pull, scene.git.commit({"more.py": text}))


async def test_a_delivery_has_githubs_headers_and_signature(hooked: Scene, receiver: Receiver) -> None:
    push(hooked, "1\n")
    await hooked.github.delivered()
    headers, raw = receiver.received[0]
    secret = hooked.github.app.webhook_secret.encode()
    assert headers["x-hub-signature-256"] == "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()
    assert headers["x-github-event"] == "pull_request"
    assert str(uuid.UUID(headers["x-github-delivery"])) == headers["x-github-delivery"]
    assert headers["x-github-hook-installation-target-id"] == str(hooked.github.app.app_id)
    assert headers["x-github-hook-installation-target-type"] == "integration"


async def test_a_pull_request_event_is_as_big_as_a_real_one(hooked: Scene, receiver: Receiver) -> None:
    push(hooked, "1\n")
    await hooked.github.delivered()
    raw = receiver.received[0][1]
    assert 18_000 < len(raw) < 30_000
    payload = json.loads(raw)
    assert payload["action"] == "synchronize"
    assert payload["after"] == payload["pull_request"]["head"]["sha"] == hooked.pull.head_sha
    assert payload["installation"]["id"] == hooked.repository.installation_id


async def test_what_the_app_does_is_told_to_it(hooked: Scene, receiver: Receiver) -> None:
    await hooked.api.post("issues/1/comments", json={"body": "hello"})
    await hooked.api.post("check-runs", json={"name": "q", "head_sha": hooked.pull.head_sha})
    await hooked.github.delivered()
    assert receiver.events == ["issue_comment", "check_run"]
    payload = json.loads(receiver.received[0][1])
    assert payload["sender"]["login"] == "quorum[bot]"
    assert payload["comment"]["performed_via_github_app"]["id"] == hooked.github.app.app_id
    assert "pull_request" in payload["issue"]


async def test_a_doubled_event_has_one_guid(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.faults.add(Fault(("pull_request", "synchronize"), "duplicate"))
    push(hooked, "1\n")
    await hooked.github.delivered()
    assert len({headers["x-github-delivery"] for headers, _ in receiver.received}) == 1
    assert len(receiver.received) == 2


async def test_swapped_events_arrive_in_the_wrong_order(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.faults.add(Fault(("pull_request", "synchronize"), "swap"))
    push(hooked, "1\n")
    push(hooked, "2\n")
    await hooked.github.delivered()
    heads = [json.loads(raw)["after"] for _, raw in receiver.received]
    assert heads[0] == hooked.pull.head_sha
    assert len(heads) == 2


async def test_a_late_event_is_overtaken(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.faults.add(Fault(("pull_request", "synchronize"), "late", delay_s=0.05))
    push(hooked, "1\n")
    hooked.github.close(hooked.pull)
    await hooked.github.delivered()
    assert [json.loads(raw)["action"] for _, raw in receiver.received] == ["closed", "synchronize"]


async def test_a_lost_event_can_be_redelivered_under_its_guid(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.faults.add(Fault(("pull_request", "synchronize"), "lost"))
    push(hooked, "1\n")
    await hooked.github.delivered()
    assert receiver.received == []
    async with app_client(hooked.github) as app:
        failed = (await app.get("/app/hook/deliveries")).json()[0]
        assert failed["status_code"] == 502
        again = await app.post(f"/app/hook/deliveries/{failed['id']}/attempts")
        assert again.status_code == 202
        await hooked.github.delivered()
        rows = (await app.get("/app/hook/deliveries")).json()
    assert receiver.received[0][0]["x-github-delivery"] == failed["guid"]
    assert (rows[0]["redelivery"], rows[0]["status"]) == (True, "OK")


async def test_a_refusal_is_logged_with_its_status(hooked: Scene, receiver: Receiver) -> None:
    receiver.status = 503
    push(hooked, "1\n")
    await hooked.github.delivered()
    assert hooked.github.deliveries[0].status_code == 503


async def test_nobody_listening_is_a_failed_delivery(hooked: Scene) -> None:
    hooked.github.webhook_target = "http://127.0.0.1:1/webhook"
    push(hooked, "1\n")
    await hooked.github.delivered()
    assert hooked.github.deliveries[0].status == "failed to connect to host"


async def test_the_log_is_read_by_cursor(hooked: Scene) -> None:
    for text in ("1\n", "2\n", "3\n"):
        push(hooked, text)
    await hooked.github.delivered()
    async with app_client(hooked.github) as app:
        first = await app.get("/app/hook/deliveries", params={"per_page": 2})
        second = await app.get(first.links["next"]["url"])
    numbers = [row["id"] for page in (first, second) for row in page.json()]
    assert numbers == [one.id for one in reversed(hooked.github.deliveries)]
    assert "next" not in second.links


async def test_a_payload_of_ones_own_is_signed_and_sent(hooked: Scene, receiver: Receiver) -> None:
    delivery = await hooked.github.deliver("ping", "", {"zen": "Keep it simple."}, guid="the-guid")
    assert (delivery.status_code, receiver.received[0][0]["x-github-delivery"]) == (202, "the-guid")


async def test_without_a_target_nothing_is_sent_or_logged(scene: Scene) -> None:
    scene.github.close(scene.pull)
    await scene.github.delivered()
    assert scene.github.deliveries == []


async def test_a_fork_head_is_another_repository(hooked: Scene, receiver: Receiver) -> None:
    hooked.github.open_pull(
        hooked.repository, head=hooked.git.commit({"x.py": "1\n"}), author="stranger", fork=True
    )
    await hooked.github.delivered()
    pull = json.loads(receiver.received[0][1])["pull_request"]
    assert pull["head"]["repo"]["full_name"] == "stranger/shop"
    assert pull["head"]["repo"]["id"] != pull["base"]["repo"]["id"]
