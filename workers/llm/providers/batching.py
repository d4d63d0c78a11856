"""Batches of one model at one endpoint: answered within a day, at half the price."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from config.catalogue import OutputMode
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.providers import conversation
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Dialect, Target
from workers.llm.providers.loading import Loading

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models.batch import BatchRequest

T = TypeVar("T")

EXCHANGE_TIMEOUT_S = 120.0
QUESTIONS_MAX = 1_000
BODY_MAX_BYTES = 64 * 1024 * 1024
"""Of a batch's results: `Connections` of batches need more than the usual room."""


class Batches(Protocol):
    """The batches of one wire. `decode` takes what `lines` brings; those that never ran are missing there."""

    async def create(self, requests: Sequence[BatchRequest]) -> str:
        """Start a batch; its ticket."""
        ...

    async def lines(self, ticket: str) -> Mapping[str, Any] | None:
        """None while the batch runs."""
        ...

    async def cancel(self, ticket: str) -> None:
        """Ask for its end."""
        ...

    async def decode(self, line: Any, request: BatchRequest) -> ModelResponse:
        """One answer."""
        ...


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
        libraries = (*dialect.libraries, *dialect.batch_libraries)
        opening = dialect.open_batches or _no_batches
        self._loading = Loading(target, libraries, opening, connections, shared=shared)

    async def submit(self, questions: Sequence[Question]) -> str:
        """Hand in up to `QUESTIONS_MAX` questions; the ticket to ask for their answers. Raises ProviderError."""
        if not 0 < len(questions) <= QUESTIONS_MAX:
            raise ProviderError("refused", f"a batch has 1 to {QUESTIONS_MAX} questions")
        return await self._exchange(lambda batches: batches.create(self._requests(questions)))

    async def poll(
        self, ticket: str, questions: Sequence[Question]
    ) -> Sequence[Answer | ProviderError] | None:
        """None while the batch runs, then what became of each of its `questions`. Raises ProviderError."""

        async def look(batches: Batches) -> Sequence[Answer | ProviderError] | None:
            lines = await batches.lines(ticket)
            if lines is None:
                return None
            asked = zip(self._requests(questions), questions, strict=True)
            return [await self._outcome(batches, lines, request, question) for request, question in asked]

        return await self._exchange(look)

    async def cancel(self, ticket: str) -> None:
        """Ask that what hasn't been answered be left; a batch that has ended stays as it is. Raises ProviderError."""
        await self._exchange(lambda batches: batches.cancel(ticket))

    async def close(self) -> None:
        """Close the connections, if any were opened and nobody else has them."""
        await self._loading.close()

    async def _exchange(self, work: Callable[[Batches], Awaitable[T]]) -> T:
        batches = await self._loading.opened()
        from workers.llm.providers.errors import FAILURES, provider_error

        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT_S):
                return await work(batches)
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
                model_request_parameters=conversation.instructed(question, self._mode),
            )
            for number, question in enumerate(questions)
        ]

    async def _outcome(
        self, batches: Batches, lines: Mapping[str, Any], request: BatchRequest, question: Question
    ) -> Answer | ProviderError:
        from workers.llm.providers.answering import answer
        from workers.llm.providers.errors import FAILURES, provider_error

        if request.custom_id not in lines:
            return ProviderError("unavailable", "the batch ended before its turn came", retryable=True)
        try:
            return answer(await batches.decode(lines[request.custom_id], request), question)
        except ProviderError as error:
            return error
        except FAILURES as error:
            return provider_error(error, self._target)


def _no_batches(target: Target, http: httpx2.AsyncClient) -> Batches:
    raise ValueError("this wire has no batches")
