"""Batches of questions, whichever wire they come over: kept, answered from the script, finished when told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any, Literal

State = Literal["running", "cancelling", "cancelled", "done", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one question: a document with status 200, or an error with its own."""

    status: int
    body: Mapping[str, Any]


@dataclass
class Job:
    """One batch; its outcomes stand in the order of its questions, None where it was cancelled first."""

    id: str
    questions: Mapping[str, Any]
    input_file: str = ""
    output_file: str = ""
    error_file: str = ""
    model: str = ""
    flaw: str = ""
    polls: int = 0
    state: State = "running"
    outcomes: dict[str, Outcome | None] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "cancelled", "failed")

    def count(self, wanted: Callable[[Outcome | None], bool]) -> int:
        """How many of the outcomes are wanted."""
        return sum(wanted(one) for one in self.outcomes.values())

    @property
    def succeeded(self) -> int:
        """Questions with an answer."""
        return self.count(lambda one: one is not None and one.status == 200)

    @property
    def errored(self) -> int:
        """Questions with an error."""
        return self.count(lambda one: one is not None and one.status != 200)

    @property
    def cancelled(self) -> int:
        """Questions that were never asked."""
        return self.count(lambda one: one is None)


class Batches:
    """The jobs and files of one fake; `after_polls` None: a job ends only by `finish`."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.files: dict[str, bytes] = {}
        self.after_polls: int | None = None

    def open(self, questions: Mapping[str, Any], prefix: str, input_file: str = "") -> Job:
        """A new job under an id of its own."""
        job = Job(f"{prefix}{len(self.jobs) + 1:08d}", questions, input_file)
        self.jobs[job.id] = job
        return job

    def keep(self, content: bytes, prefix: str) -> str:
        """A new file; returns its id."""
        name = f"{prefix}{len(self.files) + 1:08d}"
        self.files[name] = content
        return name

    def cancel(self, name: str) -> Job:
        """The job of that id, which ends with the next look at it."""
        job = self.jobs[name]
        if not job.ended:
            job.state = "cancelling"
        return job

    def due(self, job: Job) -> bool:
        """Count a look at a job; whether it ends now."""
        job.polls += 1
        return not job.ended and (
            job.state == "cancelling" or (self.after_polls is not None and job.polls > self.after_polls)
        )


def json_lines(rows: list[Mapping[str, Any]]) -> bytes:
    """One document a line."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def read_lines(content: bytes) -> list[dict[str, Any]]:
    """The documents of a file; ValueError where a line is none."""
    return [json.loads(line) for line in content.splitlines() if line.strip()]


def multipart(content: bytes, content_type: str) -> dict[str, bytes]:
    """The fields of a form with files, by name."""
    whole = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content, policy=HTTP)
    parts = whole.iter_parts() if whole.is_multipart() else ()
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)  # type: ignore[misc]
        for part in parts
    }
