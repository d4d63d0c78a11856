"""Fakes that take batches as well: questions that wait until a test says that the day is over."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from starlette.requests import Request

from tests.fakes.models.answers import Cut, Disconnect, Drip, Failure, Inside, Raw, Silence, unauthorised
from tests.fakes.models.batching import Batches, Job, Outcome
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.scripted import FakeModels, as_object, called, kept_headers
from tests.fakes.models.settling import settle, usage


class BatchingModels(FakeModels):
    """Set `batches.after_polls` to end a batch after so many looks at it, or call `finish_batches`."""

    def __init__(self, key: str, names: Collection[str], latency_s: float) -> None:
        super().__init__(key, names, latency_s)
        self.batches = Batches()

    async def finish_batches(self) -> None:
        """Answer all questions of all open batches from the script, as the provider would within a day."""
        for job in self.batches.jobs.values():
            if not job.ended:
                await self._finish(job)

    async def _finish(self, job: Job) -> None:
        for name, body in job.questions.items():
            job.outcomes[name] = None if job.state == "cancelling" else await self._outcome(body)
        job.state = "cancelled" if job.state == "cancelling" else "done"
        self._finished(job)

    def _finished(self, job: Job) -> None:
        """Called when a batch has ended: some wires write files then."""
        return

    def _question(self, body: Any) -> ModelRequest:
        """One question of a batch, as if it had come alone."""
        return ModelRequest(json.dumps(body), as_object(body), {})

    async def _outcome(self, body: Any) -> Outcome:
        """One question of a batch, answered; faults of the connection and waits count for nothing here."""
        asked = self._question(body)
        if (complaint := self._flaw(asked, body)) is not None:
            return self._error_outcome(complaint)
        measured, answer = self._measure(asked), self._next()
        while callable(answer) or isinstance(answer, Silence | Drip | Cut):
            answer = await called(answer, asked) if callable(answer) else answer.then
        if isinstance(answer, Inside):
            answer = answer.failure
        if isinstance(answer, Raw | Disconnect):
            answer = Failure(500, "the batch lost this one", None, "server_error")
        if isinstance(answer, Failure):
            return self._error_outcome(answer)
        self._answered(asked)
        said = settle(answer, asked)
        number = len(self.requests) + len(self.batches.jobs)
        return Outcome(200, self._document(asked, said, number, usage(said, measured)))

    def _error_outcome(self, failure: Failure) -> Outcome:
        told = self._translate(failure)
        return Outcome(told.status, self._error(told))

    async def _look(self, job: Job) -> Job:
        """The job as a poll finds it."""
        if self.batches.due(job):
            await self._finish(job)
        return job

    def _record(self, request: Request, raw: str, body: Any) -> Failure | None:
        """Note a request that asks no model anything by itself; a failure where its key is wrong."""
        self.requests.append(ModelRequest(raw, as_object(body), kept_headers(request)))
        return None if self._authorised(request) else unauthorised()

    def _found(self, request: Request, name: str, among: Collection[str]) -> Failure | None:
        """Why a file or a batch isn't given: a wrong key, or there is none of that id."""
        if not self._authorised(request):
            return unauthorised()
        return None if name in among else Failure(404, f"No such object: {name}")
