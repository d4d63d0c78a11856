"""A pull request reviewed by a model too small to be right: what is posted is true all the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.databases import Valkey
from tests.fakes.github import CheckRun
from tests.journeys.shared_world import BROKEN_LOG, SINK, SINK_LINE, propose, refused_writes, small_repository
from tests.journeys.world import opened
from tests.model.serving import KEY, NAME, WINDOW_TOKENS, Served

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1_800)]

REVIEW_TIMEOUT_S = 1_500.0
PATIENT = {  # the model takes all of the processor: nobody else is quick meanwhile
    "QUORUM_MODEL_TIMEOUT_S": "600",
    "QUORUM_MODEL_ATTEMPTS_MAX": "1",
    "QUORUM_LEASE_S": "60",
}
ANSWERED = {"ok", "invalid answer"}
USED = "SELECT model, outcome, calls, input_tokens, output_tokens, cost_micros FROM call"


@dataclass(frozen=True)
class Reviewed:
    """What one review left behind."""

    run: CheckRun
    comments: list[dict[str, Any]]
    summary: str
    calls: list[tuple[Any, ...]]
    log: str
    requests: int
    refused: int


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reviewed(
    served: Served, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey
) -> AsyncIterator[Reviewed]:
    folder = tmp_path_factory.mktemp("journey")
    database = folder / "quorum.db"
    database.write_bytes(sqlite_template.read_bytes())
    model = {
        "QUORUM_MODEL": NAME,
        "QUORUM_MODEL_BASE_URL": served.url,
        "QUORUM_MODEL_API_KEY": KEY,
        "QUORUM_MODEL_CONTEXT_TOKENS": str(WINDOW_TOKENS),
    }
    before = served.requests()
    async with opened(
        folder,
        small_repository(folder),
        database_url=f"sqlite+aiosqlite:///{database}",
        redis_url=valkey_server.url,
        answer=None,
        settings=PATIENT | model,
    ) as world:
        pull = propose(world, "runs", {"shop/run.py": SINK})
        run = await world.reviewed(pull, REVIEW_TIMEOUT_S)
        [summary] = world.github.issue_comments(pull)
        comments = world.github.review_comments(pull)
        refused = len(refused_writes(world))
        log = world.stack.web.text() + world.stack.worker.text()
    with sqlite3.connect(database) as connection:
        calls = connection.execute(USED).fetchall()
    connection.close()
    yield Reviewed(run, comments, summary["body"], calls, log, served.requests() - before, refused)


async def test_the_review_ends(reviewed: Reviewed) -> None:
    assert reviewed.run.conclusion in {"success", "neutral", "failure"}
    assert reviewed.refused == 0
    assert [mark for mark in BROKEN_LOG if mark in reviewed.log] == [], reviewed.log[-8000:]


async def test_every_answer_is_a_row_with_its_tokens(reviewed: Reviewed) -> None:
    """One that took too long is a row, too; what it used nobody said."""
    answered = [row for row in reviewed.calls if row[1] in ANSWERED]
    assert reviewed.calls
    assert {row[0] for row in reviewed.calls} == {NAME}
    assert {row[1] for row in reviewed.calls} <= {*ANSWERED, "timeout"}
    assert sum(row[2] for row in answered) <= reviewed.requests
    assert all(
        input_tokens > 100 and output_tokens > 0 for _, _, _, input_tokens, output_tokens, _ in answered
    )


async def test_a_file_counts_as_read_by_the_model_only_if_that_answered(reviewed: Reviewed) -> None:
    answered = any(row[1] == "ok" for row in reviewed.calls)
    assert (NAME in reviewed.summary.split("Coverage")[1].split("Cost")[0]) == answered, reviewed.summary
    assert ("The model gave no answer" in reviewed.summary) != answered, reviewed.summary


async def test_what_tools_found_is_posted_whatever_the_model_says(reviewed: Reviewed) -> None:
    assert ("shop/run.py", SINK_LINE) in {(one["path"], one["line"]) for one in reviewed.comments}


async def test_every_comment_stands_on_a_line_of_the_change(reviewed: Reviewed) -> None:
    """Nothing that the model made up has a place in the change, so none of it is a comment there."""
    assert {one["path"] for one in reviewed.comments} <= {"shop/run.py"}
    assert {one["line"] for one in reviewed.comments} <= set(range(1, len(SINK.splitlines()) + 1))


async def test_the_model_alone_confirms_nothing(reviewed: Reviewed) -> None:
    confirmed = [one["body"] for one in reviewed.comments if re.search(r"\bconfirmed\b", one["body"])]
    assert all("ruff" in body or "ast-grep" in body for body in confirmed)
