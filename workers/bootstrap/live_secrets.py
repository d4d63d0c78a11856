"""This process's own secrets, as they are looked for in what leaves it and in what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from config.settings import Settings
from workers.github.leaks import LiveSecrets


def live_secrets(
    settings: Settings, environ: Mapping[str, str], key_variables: Iterable[str] = ()
) -> LiveSecrets:
    """This process's own secrets, which no text of ours may carry out; `key_variables` hold providers' keys."""
    values: Sequence[str] = (
        settings.private_key.get_secret_value(),
        *(secret.decode() for secret in settings.webhook_secrets()),
        settings.storage_key.get_secret_value(),
        *(environ.get(name, "") for name in (settings.model_api_key_env, *key_variables)),
        settings.admin_token.get_secret_value(),
        *_of_url(settings.alert_slack_url.get_secret_value()),
        *_of_url(settings.alert_webhook_url.get_secret_value()),
        settings.alert_webhook_secret.get_secret_value(),
        urlsplit(settings.smtp_url.get_secret_value()).password or "",
        urlsplit(settings.database_url.get_secret_value()).password or "",
        urlsplit(settings.redis_url.get_secret_value()).password or "",
    )
    return LiveSecrets.of(value for value in values if value)


def _of_url(url: str) -> tuple[str, ...]:
    """A webhook's address is its key, and so is what stands behind the host."""
    parts = urlsplit(url)
    return url, parts.path, parts.query
