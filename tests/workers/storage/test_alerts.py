"""Alerts are sent once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from workers.storage.alerts import Alert, AlertStore
from workers.storage.database import Database

ALERT = Alert("operator", 0, "2026-11", "80", "slack")


@pytest.fixture
def store(database: Database) -> AlertStore:
    return AlertStore(database, lambda: 1000.0)


async def test_an_alert_is_claimed_once_by_whoever_is_first(store: AlertStore) -> None:
    claims = await asyncio.gather(*(store.claim(ALERT) for _ in range(10)))
    assert sorted(claims) == [False] * 9 + [True]


async def test_what_could_not_be_sent_may_be_claimed_again(store: AlertStore) -> None:
    assert await store.claim(ALERT)
    await store.give_back(ALERT)
    assert await store.claim(ALERT)


@pytest.mark.parametrize(
    "other",
    [
        replace(ALERT, payer_id=1),
        replace(ALERT, period="2026-12"),
        replace(ALERT, subject="90"),
        replace(ALERT, channel="mail"),
    ],
)
async def test_another_payer_time_subject_or_channel_is_another_alert(
    store: AlertStore, other: Alert
) -> None:
    assert await store.claim(ALERT)
    assert await store.claim(other)
