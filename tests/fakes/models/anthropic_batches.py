"""Anthropic's batches: questions go up in one body, results come down as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.models.batching import Job, Outcome

STATUS = {"running": "in_progress", "cancelling": "canceling"}
CREATED, EXPIRES = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def questions(body: Mapping[str, Any]) -> dict[str, Any]:
    """The params by custom_id; ValueError where the body is not as it has to be."""
    rows = body.get("requests")
    if not isinstance(rows, list) or not rows:
        raise ValueError("requests: Field required")
    found: dict[str, Any] = {}
    for index, row in enumerate(rows):
        name = row.get("custom_id", "")
        if not CUSTOM_ID.fullmatch(name) or name in found or "params" not in row:
            raise ValueError(
                f"requests.{index}.custom_id: must be unique and match '^[a-zA-Z0-9_-]{{1,64}}$'"
            )
        found[name] = row["params"]
    return found


def batch_json(job: Job, url: str) -> dict[str, Any]:
    """A batch as a poll finds it."""
    open_ = 0 if job.ended else len(job.questions)
    counts = {"processing": open_, "succeeded": job.succeeded, "errored": job.errored, "expired": 0}
    head = {"id": job.id, "type": "message_batch", "processing_status": STATUS.get(job.state, "ended")}
    times = {"created_at": CREATED, "expires_at": EXPIRES, "ended_at": CREATED if job.ended else None}
    cancelled = {"cancel_initiated_at": CREATED if job.state in ("cancelling", "cancelled") else None}
    results = f"{url}/v1/messages/batches/{job.id}/results" if job.ended else None
    foot = {"request_counts": counts | {"canceled": job.cancelled}, "results_url": results}
    return head | times | cancelled | foot | {"archived_at": None}


def result_rows(job: Job) -> Iterator[Mapping[str, Any]]:
    """The lines of the results, the last question first: they come in no order."""
    for name, outcome in reversed(job.outcomes.items()):
        yield {"custom_id": name, "result": _result(outcome)}


def _result(outcome: Outcome | None) -> Mapping[str, Any]:
    if outcome is None:
        return {"type": "canceled"}
    if outcome.status != 200:
        return {"type": "errored", "error": outcome.body}
    return {"type": "succeeded", "message": outcome.body}
