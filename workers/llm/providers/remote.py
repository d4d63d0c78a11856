"""One model at one endpoint, asked through pydantic-ai: the part that is alike on every wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from config.catalogue import OutputMode
from workers.llm.provider import Answer, Question
from workers.llm.providers import conversation
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Dialect, Target
from workers.llm.providers.loading import Loading

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models import Model

    Way = Callable[[Question], Awaitable[ModelResponse]]


class RemoteModel:
    """Implements `workers.llm.provider.Provider`; nothing is imported or connected before the first question."""

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
        self._dialect = dialect
        self._mode: OutputMode = mode
        self._connections = connections
        self._marks_prefix = dialect.marks_prefix(target.model)
        self._loading = Loading(target, dialect.libraries, self._open, connections, shared=shared)

    def load(self) -> asyncio.Task[Way | None]:
        """Begin to import the libraries and build the client, in a thread: the first question needn't wait then."""
        return self._loading.start()

    async def ask(self, question: Question) -> Answer:
        """Send one request, once; raises ProviderError."""
        way = await self._loading.opened()
        from workers.llm.providers.answering import answer
        from workers.llm.providers.errors import FAILURES, provider_error

        try:
            async with asyncio.timeout(question.timeout_s):  # the SDKs' timeouts begin anew with every byte
                response = await way(question)
            return answer(response, question)
        except FAILURES as error:
            failure = provider_error(error, self._target)
        raise failure  # out here it has no context, which would hold the endpoint's text

    async def close(self) -> None:
        """Close the connections, if any were opened and nobody else has them."""
        await self._loading.close()

    def _open(self, target: Target, http: httpx2.AsyncClient) -> Way:
        """The quick way, where there is one."""
        from workers.llm.providers.express import Express

        model = self._dialect.open_model(target, http)
        long = self._long_way(model)
        if self._dialect.read is None:
            return long
        broken = bool(model.profile.get("may_tokenize_special_tokens_in_content"))
        transport, read = self._connections.transport(), self._dialect.read
        return Express(long, transport, read, marks_prefix=self._marks_prefix, broken=broken).ask

    def _long_way(self, model: Model) -> Way:
        """By pydantic-ai and the SDK."""
        from pydantic_ai.direct import model_request

        async def ask(question: Question) -> ModelResponse:
            return await model_request(
                model,
                conversation.messages(question, self._mode, mark_prefix=self._marks_prefix),
                model_settings=conversation.settings(question),
                model_request_parameters=conversation.parameters(question, self._mode),
                instrument=False,
            )

        return ask
