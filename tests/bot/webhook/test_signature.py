"""Signatures."""

from __future__ import annotations

from bot.webhook.signature import signed


def test_githubs_own_example_holds() -> None:
    """The values of GitHub's documentation, "Testing the webhook payload validation"."""
    signature = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signed(b"Hello, World!", signature, [b"It's a Secret to Everybody"])


def test_without_secrets_nothing_holds() -> None:
    assert not signed(b"", b"sha256=", ())
