"""`quorum review --dry-run`: everything but the questions."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.arguments import ReviewOptions
from bot.cli.review import run
from config.settings import Settings
from tests import warm
from tests.bot.cli.test_review import ROOT, repository
from tests.fakes.models import FakeOpenAI
from workers.domain.errors import UserError

UNSAFE = 'import subprocess\n\n\ndef f(name):\n    subprocess.run(f"ls {name}", shell=True)\n'


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> dict[str, Any]:
        """What it wrote as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(frozen=True)
class Here:
    """A repository with a change, and the only model server that its reviews know of."""

    root: Path
    models: FakeOpenAI

    async def review(self, *arguments: str, **environ: str) -> Ended:
        """`quorum review` with these arguments besides."""
        given = {
            "PATH": os.environ["PATH"],
            "QUORUM_MODEL": "fake-model",
            "QUORUM_MODEL_BASE_URL": self.models.url,
            "QUORUM_MODEL_API_KEY": self.models.key,
            "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
            "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "4",
        }
        command = ("review", str(self.root), "--base", "main", *arguments)
        done = await asyncio.to_thread(warm.quorum, *command, environ=given | environ, folder=ROOT)
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    root = repository(tmp_path / "repository", "def f(name):\n    return name\n")
    (root / "run.py").write_text(UNSAFE)
    async with FakeOpenAI.serve() as models:
        yield Here(root, models)


async def test_it_says_who_would_be_asked_and_what_it_would_cost(here: Here) -> None:
    ended = await here.review("--dry-run")
    assert (
        "dry run: nobody was asked; this would be:\n  1. fake-model (configured) about run.py: $0.0"
        in ended.out
    )
    assert "fake-model answers review (" in ended.out
    assert "models: 1 question planned, $0.0" in ended.out
    assert here.models.requests == []


async def test_what_analysers_found_stands_and_the_gate_holds(here: Here) -> None:
    ended = await here.review("--dry-run", "--fail-on", "high")
    assert (ended.code, ended.err) == (1, "")
    assert "[ruff S602]" in ended.out


async def test_the_plan_for_programs(here: Here) -> None:
    document = (await here.review("--dry-run", "--format", "json")).document()
    (question,) = document["plan"]["questions"]
    assert (question["model"], question["paths"]) == ("fake-model", ["run.py"])
    assert 0 < question["expected_micro_usd"] < question["worst_micro_usd"]
    assert document["plan"]["worst_micro_usd"] == question["worst_micro_usd"]
    assert [call["outcome"] for call in document["calls"]] == ["dry run"]
    assert here.models.requests == []


async def test_no_file_counts_as_read_by_a_model(here: Here) -> None:
    document = (await here.review("--dry-run", "--format", "json")).document()
    (entry,) = document["coverage"]
    assert "fake-model" not in entry["read_by"]
    assert entry["detail"] == "no model was asked to read it: dry run"
    assert document["verdict"] == "partial"
    assert document["notices"] == [
        "Dry run: no model was asked about 1 file(s), so analysers alone have read them."
    ]


async def test_what_the_budget_does_not_allow_is_not_planned(here: Here) -> None:
    document = (
        await here.review("--dry-run", "--format", "json", QUORUM_BUDGET_RUN_USD="0.000001")
    ).document()
    assert document["plan"] is None
    assert "budget" in " ".join(document["notices"])


async def test_the_same_estimate_is_what_a_review_expects(here: Here) -> None:
    planned = (await here.review("--dry-run", "--format", "json")).document()["plan"]
    here.models.answer('{"findings": []}')
    asked = (await here.review("--format", "json")).document()
    assert asked["comparison"]["expected_micro_usd"] == planned["expected_micro_usd"]
    assert len(here.models.requests) == 1


def test_sarif_has_no_place_for_a_plan() -> None:
    options = ReviewOptions(".", "main", None, "sarif", None, None, dry_run=True)
    with pytest.raises(UserError, match="SARIF has no place"):
        run(Settings(), options)
