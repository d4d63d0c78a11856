"""Any program, by a signed POST.

`X-Quorum-Signature-256: sha256=…` is the HMAC-SHA256 over the timestamp, a full stop, and the raw body, so that an old
message with a new time does not verify. `X-Quorum-Delivery` is the notice's id: a repetition has the same.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable

import httpx
from pydantic import SecretStr

from workers.notify.notice import Notice
from workers.notify.posting import post


class Webhook:
    """`now` gives epoch seconds. Without a secret nothing is signed."""

    name = "webhook"

    def __init__(
        self, client: httpx.AsyncClient, url: SecretStr, secret: SecretStr, now: Callable[[], float]
    ) -> None:
        self._client = client
        self._url = url
        self._secret = secret
        self._now = now

    async def send(self, notice: Notice) -> None:
        """Post the notice; raises NotSentError."""
        body = json.dumps(content(notice), ensure_ascii=False).encode()
        timestamp = str(int(self._now()))
        headers = {"x-quorum-timestamp": timestamp, "x-quorum-delivery": notice.id}
        if secret := self._secret.get_secret_value():
            headers["x-quorum-signature-256"] = signature(secret.encode(), timestamp, body)
        await post(self._client, self._url.get_secret_value(), body, headers)


def content(notice: Notice) -> dict[str, object]:
    """The notice as JSON."""
    facts = [{"name": name, "value": value} for name, value in notice.facts]
    return {"id": notice.id, "subject": notice.subject, "text": notice.text, "facts": facts}


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What a receiver computes for itself and compares in constant time."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
