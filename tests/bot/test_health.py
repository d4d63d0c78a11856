"""Probes: ready as long as deliveries can be kept."""

from __future__ import annotations

from pathlib import Path

from bot.health import Health
from tests.bot.serving import Receiver, receiving
from tests.fakes.clock import Clock


async def probe(receiver: Receiver, path: str = "/readyz") -> tuple[int, str, dict[str, str]]:
    async with receiver.client() as client:
        answer = await client.get(path)
    return answer.status_code, answer.json()["status"], answer.json().get("checks", {})


async def test_a_receiver_with_its_database_is_ready(database_url: str) -> None:
    async with receiving(database_url) as receiver:
        assert await probe(receiver) == (200, "ok", {"database": "ok", "tables": "ok", "valkey": "ok"})


async def test_without_a_queue_it_is_degraded_and_ready(sqlite_url: str) -> None:
    async with receiving(sqlite_url) as receiver:
        receiver.queue_away = True
        status, word, checks = await probe(receiver)
    assert (status, word, checks["valkey"]) == (200, "degraded", "unreachable")


async def test_without_tables_it_says_what_to_do(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    async with receiving(empty_url) as receiver:
        status, word, checks = await probe(receiver)
    assert (status, word, checks["tables"]) == (503, "unready", "not migrated: run `quorum migrate`")


async def test_without_a_database_it_is_alive_but_not_ready() -> None:
    async with receiving("postgresql+asyncpg://nobody@127.0.0.1:1/none") as receiver:
        assert (await probe(receiver))[:2] == (503, "unready")
        assert (await probe(receiver, "/livez"))[:2] == (200, "ok")


async def test_a_report_is_good_for_a_moment() -> None:
    """Whoever asks a thousand times a second asks the database once."""
    clock, asked = Clock(), 0

    async def check() -> None:
        nonlocal asked
        asked += 1

    health = Health({"database": check}, {}, clock=clock)
    for at in (0.0, 0.5, 1.5):
        clock.at = at
        await health.readyz(None)  # type: ignore[arg-type]
    assert asked == 2
