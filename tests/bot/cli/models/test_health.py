"""`quorum models health`: what Valkey says."""

from __future__ import annotations

import argparse
import asyncio
import json
import time

import pytest
from redis.asyncio import Redis

from bot.cli.models.health import run
from tests.databases import kill_valkey, start_valkey
from workers.domain.errors import TransientError, UserError
from workers.valkey.health import ValkeyHealth

TEXT, JSON = argparse.Namespace(json=False), argparse.Namespace(json=True)


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, valkey: str) -> None:
    monkeypatch.setenv("QUORUM_REDIS_URL", valkey)
    monkeypatch.setenv("QUORUM_MODEL", "mine")
    monkeypatch.setenv("QUORUM_MODEL_BASE_URL", "http://127.0.0.1:9/v1")


async def _happened(url: str) -> None:
    async with Redis.from_url(url) as redis:
        health = ValkeyHealth(redis, time.monotonic, time.time)
        await health.succeeded("gone", 1.0)
        await health.succeeded("mine", 1.25)
        await health.failed("mine", "unauthorised")


@pytest.mark.usefixtures("environ")
def test_each_model_has_its_state_and_why(valkey: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_happened(valkey))
    capsys.readouterr()
    assert run(TEXT) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "model"
    assert row.split()[:2] == ["mine", "open"]
    assert "unauthorised" in row
    assert "1.25 s" in row


@pytest.mark.usefixtures("environ")
def test_programs_get_json(valkey: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_happened(valkey))
    capsys.readouterr()
    assert run(JSON) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["model"], row["standing"], row["reason"]) == ("mine", "open", "unauthorised")


@pytest.mark.usefixtures("environ")
def test_nothing_known_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(TEXT) == 0
    assert "Nothing is known" in capsys.readouterr().out


def test_without_a_valkey_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUORUM_REDIS_URL", raising=False)
    with pytest.raises(UserError, match="QUORUM_REDIS_URL"):
        run(TEXT)


def test_a_valkey_that_is_away_may_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    server = start_valkey()
    kill_valkey(server)
    monkeypatch.setenv("QUORUM_REDIS_URL", server.url)
    with pytest.raises(TransientError, match="away"):
        run(TEXT)
