"""The metrics page."""

from __future__ import annotations

from tests.bot.payloads import dump, headers, pull_request
from tests.bot.serving import Receiver, receiving


async def page(receiver: Receiver) -> list[str]:
    async with receiver.client() as client:
        return (await client.get("/metrics")).text.splitlines()


async def test_deliveries_commits_and_work_are_counted(database_url: str) -> None:
    raw = dump(pull_request())
    async with receiving(database_url) as receiver:
        async with receiver.client() as client:
            await client.post("/webhook", content=raw, headers=headers(raw))
            await client.post("/webhook", content=raw, headers=headers(raw, x_hub_signature_256="no"))
        lines = await page(receiver)
    assert 'quorum_deliveries_total{event="pull_request",outcome="wanted"} 1.0' in lines
    assert 'quorum_deliveries_refused_total{reason="bad signature"} 1.0' in lines
    assert "quorum_commit_deliveries_count 1.0" in lines
    assert "quorum_work_wanted 1.0" in lines
    assert "quorum_outcomes_right 0.0" in lines
    assert "quorum_database_up 1.0" in lines


async def test_nobody_can_invent_labels(sqlite_url: str) -> None:
    async with receiving(sqlite_url) as receiver:
        async with receiver.client() as client:
            for name in ("star", "made_up", "x" * 1000):
                await client.post("/webhook", content=b"{}", headers=headers(b"{}", name))
        lines = await page(receiver)
    assert 'quorum_deliveries_total{event="other",outcome="ignored"} 3.0' in lines
    assert not any("made_up" in line for line in lines)


async def test_without_a_database_the_page_still_comes() -> None:
    async with receiving("postgresql+asyncpg://nobody@127.0.0.1:1/none") as receiver:
        lines = await page(receiver)
    assert "quorum_database_up 0.0" in lines
    assert "quorum_work_ready NaN" in lines
