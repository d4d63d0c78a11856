"""The signed POST."""

from __future__ import annotations

import hashlib
import hmac
import json

import httpx
from pydantic import SecretStr

from tests.workers.notify.hooks import NOTICE, Hook
from workers.notify.webhook import Webhook

SECRET = "s3cret"


def webhook(client: httpx.AsyncClient, hook: Hook, secret: str = SECRET) -> Webhook:
    return Webhook(client, SecretStr(hook.url), SecretStr(secret), lambda: 1234.9)


async def test_the_body_holds_the_notice(client: httpx.AsyncClient, hook: Hook) -> None:
    await webhook(client, hook).send(NOTICE)
    body = json.loads(hook.bodies[0])
    assert (body["id"], body["subject"], body["text"]) == (NOTICE.id, NOTICE.subject, NOTICE.text)
    assert body["facts"][0] == {"name": "Spent", "value": "$40.00"}


async def test_the_signature_is_over_timestamp_and_raw_body(client: httpx.AsyncClient, hook: Hook) -> None:
    await webhook(client, hook).send(NOTICE)
    headers = hook.headers[0]
    expected = hmac.new(b"s3cret", b"1234." + hook.bodies[0], hashlib.sha256).hexdigest()
    assert headers["x-quorum-timestamp"] == "1234"
    assert headers["x-quorum-signature-256"] == f"sha256={expected}"


async def test_a_repetition_has_the_same_id(client: httpx.AsyncClient, hook: Hook) -> None:
    one = webhook(client, hook)
    await one.send(NOTICE)
    await one.send(NOTICE)
    assert {headers["x-quorum-delivery"] for headers in hook.headers} == {NOTICE.id}


async def test_without_a_secret_nothing_is_signed(client: httpx.AsyncClient, hook: Hook) -> None:
    await webhook(client, hook, "").send(NOTICE)
    assert "x-quorum-signature-256" not in hook.headers[0]
