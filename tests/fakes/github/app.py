"""The GitHub App that is registered at the fake: identity, key, permissions, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PERMISSIONS = {
    "metadata": "read",
    "contents": "write",
    "pull_requests": "write",
    "checks": "write",
    "issues": "read",
}
EVENTS = (
    "pull_request",
    "issue_comment",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "check_run",
    "check_suite",
    "push",
    "repository",
)


@cache
def generated_key() -> str:
    """A throw-away RSA key in PEM, the same for the whole process: making one takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


@dataclass(frozen=True)
class FakeApp:
    """What the App's settings page shows. `private_key` is PEM; `token_format` is "long" or "short" (GHES)."""

    app_id: int = 4242
    client_id: str = "Iv23liQuorumFake0001"
    slug: str = "quorum"
    bot_id: int = 900_001
    webhook_secret: str = "fake-webhook-secret"
    private_key: str = field(default_factory=generated_key, repr=False)
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: tuple[str, ...] = EVENTS
    token_format: str = "long"

    @property
    def bot_login(self) -> str:
        """Login of the App's bot user."""
        return f"{self.slug}[bot]"

    @property
    def public_key(self) -> str:
        """The public half, PEM."""
        return _public_half(self.private_key)


@cache
def _public_half(private_key: str) -> str:
    """Kept, because reading a private key takes long."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None).public_key()
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
