"""Which channels there are."""

from __future__ import annotations

import pytest

from config.errors import ConfigError
from config.settings import Settings
from workers.notify.registry import open_channels


async def names(**values: str) -> list[str]:
    async with open_channels(Settings.model_validate(values), lambda: 0.0) as channels:
        return [one.name for one in channels]


async def test_without_settings_there_is_none() -> None:
    assert await names() == []


async def test_each_is_there_when_it_is_set_up() -> None:
    mail = {"smtp_url": "smtp://m", "alert_mail_from": "q@x.org", "alert_mail_to": "a@x.org, b@x.org"}
    hooks = {"alert_slack_url": "https://hooks.slack.test/x", "alert_webhook_url": "https://x.test"}
    assert await names(**mail, **hooks) == ["slack", "mail", "webhook"]


async def test_mail_without_addresses_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"QUORUM_ALERT_MAIL_FROM.*QUORUM_ALERT_MAIL_TO"):
        await names(smtp_url="smtp://m")
