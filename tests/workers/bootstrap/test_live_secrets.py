"""Which of our secrets are looked for."""

from __future__ import annotations

import pytest

from config.settings import Settings
from workers.bootstrap.live_secrets import live_secrets

ENVIRON = {
    "QUORUM_ADMIN_TOKEN": "admin-token-of-the-operator",
    "QUORUM_STORAGE_KEY": "storage-key-of-the-operator",
    "QUORUM_WEBHOOK_SECRET": "webhook-secret-of-the-app",
    "QUORUM_ALERT_SLACK_URL": "https://hooks.example/services/T0/B0/slack-secret",
    "QUORUM_ALERT_WEBHOOK_URL": "https://alerts.example/in?token=webhook-token",
    "QUORUM_ALERT_WEBHOOK_SECRET": "secret-that-signs-alerts",
    "QUORUM_SMTP_URL": "smtp://quorum:password-of-mail@mail.example:587",
    "QUORUM_MODEL_API_KEY": "sk-key-of-the-one-model",
    "OPENAI_API_KEY": "sk-key-of-a-provider",
}


@pytest.mark.parametrize(
    "secret",
    [
        *(value for name, value in ENVIRON.items() if not name.endswith("_URL")),
        "https://hooks.example/services/T0/B0/slack-secret",
        "/services/T0/B0/slack-secret",
        "token=webhook-token",
        "password-of-mail",
    ],
)
def test_every_secret_is_known(secret: str) -> None:
    found = live_secrets(Settings.from_environ(ENVIRON), ENVIRON, ["OPENAI_API_KEY"])
    assert found.redact(f"it is {secret}") == "it is [redacted]"
