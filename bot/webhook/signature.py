"""Whether GitHub signed these bytes: HMAC-SHA256 with a secret that only the two of us know."""

from __future__ import annotations

import hmac
from collections.abc import Iterable


def signed(raw: bytes, signature: bytes, secrets: Iterable[bytes]) -> bool:
    """Whether `signature` (`X-Hub-Signature-256`, "sha256=<hex>") fits `raw` under any of `secrets`.

    Every secret is tried, each in constant time: how long it takes says nothing. Both sides are bytes, because
    `compare_digest` raises for text that is not ASCII, and anyone can send that.
    """
    holds = False
    for secret in secrets:
        expected = b"sha256=" + hmac.digest(secret, raw, "sha256").hex().encode()
        holds |= hmac.compare_digest(expected, signature)
    return holds
