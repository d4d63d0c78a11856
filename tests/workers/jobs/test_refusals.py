"""A refusal is said once, wherever it happens in a repository, and another one is said again."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from workers.github.errors import PermissionMissingError, RefusedError
from workers.jobs.refusals import KEPT_MAX, Refusals

FIRST = RefusedError("POST /pulls/1: no", status=403)


@pytest.mark.parametrize(
    ("step", "repo_id", "error", "said"),
    [
        ("labels", 1, RefusedError("POST /pulls/2: no", status=403), 1),
        ("labels", 1, PermissionMissingError("no", status=403, permission="issues=write"), 2),
        ("labels", 1, RefusedError("no", status=422), 2),
        ("labels", 2, FIRST, 2),
        ("scanning", 1, FIRST, 2),
    ],
)
def test_once_for_each_reason_step_and_repository(
    step: str, repo_id: int, error: RefusedError, said: int
) -> None:
    refusals = Refusals()
    with capture_logs() as logs:
        refusals.tell("labels", 1, FIRST)
        refusals.tell(step, repo_id, error)
    assert len(logs) == said


def test_no_more_is_kept_than_has_room() -> None:
    refusals = Refusals()
    with capture_logs() as logs:
        for repo_id in (*range(KEPT_MAX + 1), 0):
            refusals.tell("labels", repo_id, FIRST)
    assert len(logs) == KEPT_MAX + 2, "the oldest is forgotten, and said again"
