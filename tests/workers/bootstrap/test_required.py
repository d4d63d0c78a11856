"""A worker that could do no work does not start: its jobs would fail, each for good."""

from __future__ import annotations

import pytest

from config.settings import Settings
from workers.bootstrap import open_services
from workers.domain.errors import UserError


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "A worker needs QUORUM_APP_ID, QUORUM_PRIVATE_KEY or QUORUM_BROKER_SOCKET, QUORUM_REDIS_URL;"),
        (
            {"app_id": 1, "private_key": "no PEM", "redis_url": "redis://127.0.0.1:1"},
            "The App's private key can't sign",
        ),
    ],
)
async def test_what_it_can_not_do_without_is_named(given: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        async with open_services(Settings.model_validate(given)):
            pass
