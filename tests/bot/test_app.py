"""The web application as a whole."""

from __future__ import annotations

import subprocess
import sys

import httpx
from structlog.testing import capture_logs

from bot.app import create_app
from bot.health import Health
from bot.metrics import Metrics
from tests.bot.payloads import dump, headers, pull_request
from tests.bot.serving import settings_of
from workers.storage.database import Database
from workers.storage.deliveries import Delivery
from workers.storage.intake import Intake
from workers.storage.outlook import Counts

HEAVY = (
    "githubkit",
    "pydantic_ai",
    "openai",
    "httpx",
    "alembic",
    "workers.llm",
    "workers.pipelines",
    "workers.github",
)


def test_the_web_process_stays_light() -> None:
    """It reads no pull request and calls no model, so their libraries are never imported."""
    code = f"import sys, bot.cli.web, workers.queue; sys.exit(str([m for m in {HEAVY} if m in sys.modules] or ''))"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.stderr.strip() == ""


class BrokenIntake(Intake):
    async def record(self, delivery: Delivery, wishes: object) -> bool:
        raise RuntimeError("a bug")


async def test_a_bug_is_logged_and_told_to_nobody() -> None:
    async def counts() -> Counts:
        raise NotImplementedError

    async def kick() -> None:
        raise NotImplementedError

    intake = BrokenIntake(Database.connect("sqlite+aiosqlite:///unused.db"), lambda: 0.0)
    app = create_app(settings_of(), intake, kick, Health({}, {}), Metrics(counts))
    raw = dump(pull_request())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with capture_logs() as logs:
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            answer = await client.post("/webhook", content=raw, headers=headers(raw))
    assert (answer.status_code, answer.json()) == (500, {"error": "Internal error."})
    assert [entry["path"] for entry in logs] == ["/webhook"]
    assert "set-cookie" not in answer.headers
