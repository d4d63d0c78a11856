"""Google's batches: an operation over questions that stand in its body or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.models.batching import Job, Outcome, read_lines

STATES = {
    "running": "BATCH_STATE_RUNNING",
    "cancelling": "BATCH_STATE_RUNNING",
    "cancelled": "BATCH_STATE_CANCELLED",
    "done": "BATCH_STATE_SUCCEEDED",
}
CODES = {400: 3, 401: 16, 403: 7, 404: 5, 429: 8, 500: 13, 503: 14, 504: 4}
CREATED = "2026-01-01T00:00:00Z"
TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"


def questions(config: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """The requests by key, or by place where they have none; ValueError where the input isn't as it has to be."""
    if "fileName" in config:
        if config["fileName"] not in files:
            raise ValueError(f"File {config['fileName']} does not exist.")
        rows = read_lines(files[config["fileName"]])
        keys = [str(row.get("key", "")) for row in rows]
    else:
        rows = (config.get("requests") or {}).get("requests") or []
        keys = [str((row.get("metadata") or {}).get("key", place)) for place, row in enumerate(rows)]
    if not rows or len(set(keys)) < len(keys) or any("request" not in row for row in rows):
        raise ValueError("* GenerateContentBatch.input_config: requests must not be empty and keys be unique")
    return {key: row["request"] for key, row in zip(keys, rows, strict=True)}


def operation_json(job: Job) -> dict[str, Any]:
    """A batch as a poll finds it."""
    pending = 0 if job.ended else len(job.questions)
    stats = {"requestCount": str(len(job.questions)), "pendingRequestCount": str(pending)}
    head = {"@type": TYPE, "name": job.id, "model": f"models/{job.model}", "state": STATES[job.state]}
    metadata: dict[str, Any] = head | {"createTime": CREATED, "updateTime": CREATED, "batchStats": stats}
    if not job.ended:
        return {"name": job.id, "metadata": metadata}
    metadata["endTime"] = CREATED
    output = _output(job) if job.state == "done" else {}
    return {"name": job.id, "metadata": metadata | output, "done": True}


def _output(job: Job) -> dict[str, Any]:
    if job.output_file:
        return {"output": {"responsesFile": job.output_file}}
    rows = [{"metadata": {"key": key}, **_outcome(outcome)} for key, outcome in job.outcomes.items()]
    return {"output": {"inlinedResponses": {"inlinedResponses": rows}}}


def result_rows(job: Job) -> Iterator[Mapping[str, Any]]:
    """The lines of the file of results."""
    for key, outcome in job.outcomes.items():
        yield {"key": key, **_outcome(outcome)}


def _outcome(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"error": {"code": 1, "message": "The batch was cancelled."}}
    if outcome.status != 200:
        code = CODES.get(outcome.status, 2)
        return {"error": {"code": code, "message": outcome.body["error"]["message"]}}
    return {"response": outcome.body}


def file_json(name: str, content: bytes, url: str) -> dict[str, Any]:
    """A file as it is listed."""
    head = {"name": name, "mimeType": "application/jsonl", "sizeBytes": str(len(content))}
    return head | {
        "createTime": CREATED,
        "state": "ACTIVE",
        "uri": f"{url}/v1beta/{name}",
        "source": "UPLOADED",
    }
