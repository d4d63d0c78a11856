"""Every channel that the operator has set up, one row each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import httpx

from config.errors import ConfigError, Problem
from config.settings import Settings
from workers.notify.mail import Mail
from workers.notify.mail_server import mail_server
from workers.notify.notice import Channel
from workers.notify.posting import open_client
from workers.notify.slack import Slack
from workers.notify.webhook import Webhook

Make = Callable[[Settings, httpx.AsyncClient, Callable[[], float]], Channel | None]


@asynccontextmanager
async def open_channels(settings: Settings, now: Callable[[], float]) -> AsyncIterator[Sequence[Channel]]:
    """What is set up, closed at the end; `now` gives epoch seconds. Raises ConfigError for half a set-up."""
    async with open_client() as client:
        made = [make(settings, client, now) for make in CHANNELS]
        yield [one for one in made if one is not None]


def _slack(settings: Settings, client: httpx.AsyncClient, _: Callable[[], float]) -> Channel | None:
    return Slack(client, settings.alert_slack_url) if settings.alert_slack_url.get_secret_value() else None


def _webhook(settings: Settings, client: httpx.AsyncClient, now: Callable[[], float]) -> Channel | None:
    if not settings.alert_webhook_url.get_secret_value():
        return None
    return Webhook(client, settings.alert_webhook_url, settings.alert_webhook_secret, now)


def _mail(settings: Settings, _: httpx.AsyncClient, now: Callable[[], float]) -> Channel | None:
    url = settings.smtp_url.get_secret_value()
    if not url:
        return None
    receivers = [one.strip() for one in settings.alert_mail_to.split(",") if one.strip()]
    needed = {"QUORUM_ALERT_MAIL_FROM": settings.alert_mail_from, "QUORUM_ALERT_MAIL_TO": receivers}
    missing = tuple(
        Problem(0, name, "is needed beside QUORUM_SMTP_URL.") for name, one in needed.items() if not one
    )
    if missing:
        raise ConfigError("environment", missing)
    return Mail(mail_server(url), settings.alert_mail_from, receivers, now)


CHANNELS: tuple[Make, ...] = (_slack, _mail, _webhook)
