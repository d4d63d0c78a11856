"""OpenAI's batches: a file of questions goes up, a file of answers and one of errors come down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.models.batching import Job, Outcome, read_lines

ENDPOINT = "/v1/chat/completions"
STATUS = {
    "running": "in_progress",
    "cancelling": "cancelling",
    "cancelled": "cancelled",
    "done": "completed",
    "failed": "failed",
}
CREATED = 1_700_000_000
NOT_RUN = {"code": "batch_cancelled", "message": "This request was not executed: the batch was cancelled."}


def file_json(name: str, content: bytes) -> dict[str, Any]:
    """A file as it is listed."""
    head = {"id": name, "object": "file", "bytes": len(content), "created_at": CREATED}
    return head | {"filename": "batch.jsonl", "purpose": "batch", "status": "processed"}


def questions(content: bytes) -> dict[str, Any]:
    """The bodies by custom_id; ValueError where a line is not as it has to be."""
    found: dict[str, Any] = {}
    for row in read_lines(content):
        if row.get("method") != "POST" or row.get("url") != ENDPOINT or "body" not in row:
            raise ValueError("invalid_request")
        if not row.get("custom_id") or row["custom_id"] in found:
            raise ValueError("duplicate_custom_id")
        found[row["custom_id"]] = row["body"]
    if not found:
        raise ValueError("empty_file")
    return found


def batch_json(job: Job) -> dict[str, Any]:
    """A batch as a poll finds it."""
    counts = {"total": len(job.questions), "completed": job.succeeded, "failed": job.errored}
    head = {"id": job.id, "object": "batch", "endpoint": ENDPOINT, "completion_window": "24h"}
    files = {"input_file_id": job.input_file, "output_file_id": job.output_file or None}
    foot = {"error_file_id": job.error_file or None, "errors": _errors(job), "request_counts": counts}
    return head | {"created_at": CREATED, "status": STATUS[job.state]} | files | foot


def _errors(job: Job) -> dict[str, Any] | None:
    if job.state != "failed":
        return None
    return {"object": "list", "data": [{"code": job.flaw, "message": "Invalid input file.", "line": 1}]}


def output_rows(job: Job) -> Iterator[Mapping[str, Any]]:
    """The lines of the file of answers."""
    for number, (name, outcome) in enumerate(job.outcomes.items()):
        if outcome is not None and outcome.status == 200:
            yield _row(number, name, outcome) | {"error": None}


def error_rows(job: Job) -> Iterator[Mapping[str, Any]]:
    """The lines of the file of errors: those refused, and those never asked."""
    for number, (name, outcome) in enumerate(job.outcomes.items()):
        if outcome is None:
            yield {"id": f"batch_req_{number:08d}", "custom_id": name, "response": None, "error": NOT_RUN}
        elif outcome.status != 200:
            yield _row(number, name, outcome) | {"error": None}


def _row(number: int, name: str, outcome: Outcome) -> dict[str, Any]:
    response = {"status_code": outcome.status, "request_id": f"req_{number:08d}", "body": outcome.body}
    return {"id": f"batch_req_{number:08d}", "custom_id": name, "response": response}
