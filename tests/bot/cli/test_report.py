"""`quorum report`: savings beside their quality, and beside what was promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.report import DAY_S, report_of, since_of, text
from tests.bot.cli.test_money import quorum
from tests.workers.storage.spending import receipted, spent
from workers.domain.errors import UserError
from workers.storage.database import Database
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports

NOW = 1_795_219_200.0


async def test_measured_stands_beside_promised_and_what_is_below_is_said(database: Database) -> None:
    await spent(database, cost_micros=2_500_000, at=NOW)
    await receipted(database, at=NOW, cost_micros=200_000, premium_micros=1_000_000)
    await receipted(database, at=NOW, cost_micros=200_000, premium_micros=1_000_000, validated=0)
    await receipted(
        database, at=NOW, workflow="docs", cost_micros=50_000, premium_micros=1_000_000, quality=0.95
    )
    await receipted(database, at=NOW, workflow="audit", quality=None)
    await receipted(database, at=NOW - 10.0, cost_micros=1)
    found = await report_of(Reports(database), ReceiptBook(database), NOW, NOW + 1)
    rows = {line.split()[0]: line.split()[1:] for line in text(found).split("\n\n")[1].splitlines()}
    assert rows["review"] == ["2", "2", "$0.4000", "$2.00", "80%", "(85%)", "90%", "(90%)", "50%", "(95%)"]
    assert rows["docs"] == ["1", "1", "$0.0500", "$1.00", "95%", "(90%)", "95%", "(92%)", "100%", "(96%)"]
    assert rows["tests"] == ["0", "0", "-", "-", "-", "(98%)", "-", "(95%)", "-", "(98%)"]
    assert rows["audit"] == ["1", "0", "-", "-", "-", "-", "-"]
    assert "$2.50 for 1 calls" in text(found)
    assert text(found).endswith("Below what was promised: review saved, review passed.")


@pytest.mark.parametrize(
    ("said", "since"),
    [(None, NOW - 30 * DAY_S), ("7d", NOW - 7 * DAY_S), ("1970", None),
     ("2026-13-01", None), ("2026-11-01", 1_793_491_200.0)],
)  # fmt: skip
def test_a_span_begins_with_a_day_or_some_days_ago(said: str | None, since: float | None) -> None:
    if since is None:
        with pytest.raises(UserError, match="2026-11-01"):
            since_of(said, NOW)
    else:
        assert since_of(said, NOW) == since


def test_it_is_printed_as_json(database_url: str) -> None:
    found = json.loads(
        quorum("report", "--json", "--since", "2026-11-01", QUORUM_DATABASE_URL=database_url).stdout
    )
    assert [one["workflow"] for one in found["workflows"]] == ["review", "docs", "tests"]
    assert found["workflows"][0]["promised"] == {"saved": 0.85, "quality": 0.9, "passed": 0.95}


@pytest.mark.parametrize("command", ["report", "spend", "outcomes"])
def test_who_has_no_database_is_told_what_to_do(command: str, tmp_path: Path) -> None:
    done = quorum(command, QUORUM_DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/nowhere/none.db")
    assert done.returncode == 3
    assert "quorum migrate" in done.stderr
