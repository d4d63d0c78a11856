"""One model at one endpoint, asked through pydantic-ai: the part that is alike on every wire."""

from __future__ import annotations

import asyncio
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

from config.catalogue import OutputMode
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.providers import conversation
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Dialect, Target

if TYPE_CHECKING:
    from pydantic_ai.models import Model

LIBRARIES = (
    "pydantic_ai.direct",
    "workers.llm.providers.bounded",
    "workers.llm.providers.errors",
    "workers.llm.providers.answering",
)
# Modules belong to the process, and two threads that import could meet in a cycle of half-made ones.
_IMPORTING = Lock()


class RemoteModel:
    """Implements `workers.llm.provider.Provider`.

    The client is built on the first question: its libraries take seconds to import and only workers need them.
    `connections` are closed with it unless others share them (`shared`).
    """

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
        self._shared = shared
        self._loading: asyncio.Task[Model | None] | None = None

    def load(self) -> asyncio.Task[Model | None]:
        """Begin to import the libraries and build the client, in a thread: the first question needn't wait then."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        return self._loading

    async def ask(self, question: Question) -> Answer:
        """Send one request, once; raises ProviderError."""
        model = await self.model()
        from pydantic_ai.direct import model_request

        from workers.llm.providers.answering import answer
        from workers.llm.providers.errors import FAILURES, provider_error

        mark = question.prefix_chars > 0 and self._dialect.marks_prefix(self._target.model)
        try:
            async with asyncio.timeout(question.timeout_s):  # the SDKs' timeouts begin anew with every byte
                response = await model_request(
                    model,
                    conversation.messages(question, self._mode, mark_prefix=mark),
                    model_settings=conversation.settings(question),
                    model_request_parameters=conversation.parameters(question, self._mode),
                    instrument=False,
                )
            return answer(response, question)
        except FAILURES as error:
            failure = provider_error(error, self._target)
        raise failure  # out here it has no context, which would hold the endpoint's text

    async def model(self) -> Model:
        """pydantic-ai's model, loaded; raises ProviderError."""
        model = await asyncio.shield(self.load())
        if model is None:
            message = f"no client can be made for {self._target.model}: check its address and key"
            raise ProviderError("refused", message)
        return model

    async def close(self) -> None:
        """Close the connections, if any were opened and nobody else has them."""
        if self._loading is not None:
            await asyncio.wait([self._loading])
        self._loading = None
        if not self._shared:
            await self._connections.close()

    def _load(self) -> Model | None:
        with _IMPORTING:
            for name in (*LIBRARIES, *self._dialect.libraries):
                import_module(name)
        from workers.llm.providers.errors import FAILURES

        try:
            return self._dialect.open_model(self._target, self._connections.client())
        except FAILURES:
            return None
