"""Batches of one model at one endpoint: answered within a day, at half the price."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from config.catalogue import OutputMode
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.providers import conversation
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Dialect, Target
from workers.llm.providers.loading import Loading

if TYPE_CHECKING:
    from pydantic_ai.models import Model
    from pydantic_ai.models.batch import Batch, BatchRequest, BatchResult

T = TypeVar("T")

EXCHANGE_TIMEOUT_S = 120.0
QUESTIONS_MAX = 1_000
BODY_MAX_BYTES = 64 * 1024 * 1024
"""Of a batch's results: `Connections` of batches need more than the usual room."""


class RemoteBatcher:
    """Implements `workers.llm.provider.Batcher`. A ticket holds no secret and may be used by another process."""

    def __init__(
        self,
        target: Target,
        dialect: Dialect,
        mode: OutputMode,
        connections: Connections,
        *,
        shared: bool,
    ) -> None:
        self._target = target
        self._mode: OutputMode = mode
        self._marks_prefix = dialect.marks_prefix(target.model)
        open_model = dialect.open_for_batches or dialect.open_model
        libraries = (*dialect.libraries, "workers.llm.providers.tickets")
        self._loading = Loading(target, libraries, open_model, connections, shared=shared)

    async def submit(self, questions: Sequence[Question]) -> str:
        """Hand in up to `QUESTIONS_MAX` questions; the ticket to ask for their answers. Raises ProviderError."""
        if not 0 < len(questions) <= QUESTIONS_MAX:
            raise ProviderError("refused", f"a batch has 1 to {QUESTIONS_MAX} questions")

        async def hand_in(model: Model) -> str:
            from workers.llm.providers.tickets import written

            encoded = [await model.batch_encode(request) for request in self._requests(questions)]
            return written(await model.batch_create(encoded))

        return await self._exchange(hand_in)

    async def poll(
        self, ticket: str, questions: Sequence[Question]
    ) -> Sequence[Answer | ProviderError] | None:
        """None while the batch runs, then what became of each of its `questions`. Raises ProviderError."""

        async def look(model: Model) -> Sequence[Answer | ProviderError] | None:
            batch = await model.batch_status(_read(ticket))
            return await self._outcomes(model, batch, questions) if batch.status == "ended" else None

        return await self._exchange(look)

    async def cancel(self, ticket: str) -> None:
        """Ask that what hasn't been answered be left; a batch that has ended stays as it is. Raises ProviderError."""

        async def stop(model: Model) -> None:
            batch = await model.batch_status(_read(ticket))
            if batch.status == "in_progress":
                await model.batch_cancel(batch)

        await self._exchange(stop)

    async def close(self) -> None:
        """Close the connections, if any were opened and nobody else has them."""
        await self._loading.close()

    async def _exchange(self, work: Callable[[Model], Awaitable[T]]) -> T:
        model = await self._loading.model()
        from workers.llm.providers.errors import FAILURES, provider_error

        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT_S):
                return await work(model)
        except FAILURES as error:
            failure = provider_error(error, self._target)
        raise failure  # out here it has no context, which would hold the endpoint's text

    def _requests(self, questions: Sequence[Question]) -> list[BatchRequest]:
        from pydantic_ai.models.batch import BatchRequest

        return [
            BatchRequest(
                custom_id=f"question-{number}",
                messages=conversation.messages(question, self._mode, mark_prefix=self._marks_prefix),
                model_settings={"max_tokens": question.output_max_tokens},
                model_request_parameters=conversation.parameters(question, self._mode),
            )
            for number, question in enumerate(questions)
        ]

    async def _outcomes(
        self, model: Model, batch: Batch, questions: Sequence[Question]
    ) -> list[Answer | ProviderError]:
        results = {result.custom_id: result for result in await model.batch_results(batch)}
        return [
            self._outcome(model, results.get(request.custom_id), request, question)
            for request, question in zip(self._requests(questions), questions, strict=True)
        ]

    def _outcome(
        self, model: Model, result: BatchResult | None, request: BatchRequest, question: Question
    ) -> Answer | ProviderError:
        from workers.llm.providers.answering import answer
        from workers.llm.providers.errors import FAILURES, provider_error

        if result is None or result.status in ("expired", "canceled"):
            return ProviderError("unavailable", "the batch ended before its turn came", retryable=True)
        try:
            return answer(model.batch_decode(result, request), question)
        except ProviderError as error:
            return error
        except FAILURES as error:
            return provider_error(error, self._target)


def _read(ticket: str) -> Batch:
    from workers.llm.providers.tickets import read

    batch = read(ticket)
    if batch is None:
        raise ProviderError("not found", "this is no ticket of a batch")
    return batch
