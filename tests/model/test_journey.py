"""A pull request reviewed by a model too small to be right: what is posted is true all the same."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.databases import Valkey
from tests.fakes.github import CheckRun
from tests.journeys.shared_world import BROKEN_LOG, SINK, SINK_LINE, propose, refused_writes
from tests.model.serving import NAME, Served
from tests.model.world import assert_counted, modelled, used

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1_800)]

REVIEW_TIMEOUT_S = 1_500.0


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
    before = served.requests()
    async with modelled(served, folder, sqlite_template, valkey_server) as world:
        pull = propose(world, "runs", {"shop/run.py": SINK})
        run = await world.reviewed(pull, REVIEW_TIMEOUT_S)
        [summary] = world.github.issue_comments(pull)
        comments = world.github.review_comments(pull)
        refused = len(refused_writes(world))
        log = world.stack.web.text() + world.stack.worker.text()
    calls = used(folder)
    yield Reviewed(run, comments, summary["body"], calls, log, served.requests() - before, refused)


async def test_the_review_ends(reviewed: Reviewed) -> None:
    assert reviewed.run.conclusion in {"success", "neutral", "failure"}
    assert reviewed.refused == 0
    assert [mark for mark in BROKEN_LOG if mark in reviewed.log] == [], reviewed.log[-8000:]


async def test_every_answer_is_a_row_with_its_tokens(reviewed: Reviewed) -> None:
    assert_counted(reviewed.calls, reviewed.requests)


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
