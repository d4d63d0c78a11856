"""One tiny question to one model, past cache, budget and breaker: the answer counts, not who pays for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from pydantic import SecretStr

from config.catalogue import ModelSpec, ProviderSpec
from workers.domain.task import ModelError
from workers.llm.parsing import Unusable, parse
from workers.llm.probing import probe_task
from workers.llm.provider import Answer, Provider, ProviderError, Question, Turn
from workers.llm.providers.connections import Connections
from workers.llm.providers.registry import open_provider
from workers.llm.providers.remote import RemoteModel

Record = Callable[[str, Answer, float], Awaitable[None]]
"""(model, answer, seconds): an answer came, and costs what it costs, usable or not."""


class Prober:
    """Asks by name. `clients` are the models that may be probed, loaded already; `monotonic` gives seconds."""

    def __init__(
        self, clients: Mapping[str, Provider], monotonic: Callable[[], float], record: Record | None = None
    ) -> None:
        self._clients = clients
        self._monotonic = monotonic
        self._record = record

    async def __call__(self, model: str) -> float:
        """The seconds that a usable answer took. Raises ModelError, which holds nothing that the endpoint said."""
        client = self._clients.get(model)
        if client is None:
            raise ModelError("no model", f"{model} is not among the models that may be asked")
        began = self._monotonic()
        try:
            answer = await client.ask(probe_question())
        except ProviderError as error:
            raise ModelError(error.kind, str(error)) from None
        seconds = self._monotonic() - began
        if self._record is not None:
            await self._record(model, answer, seconds)
        if isinstance(parse(answer.text, probe_task().schema), Unusable):
            raise ModelError("invalid answer", f"{model} answered, but not as it was asked to")
        return seconds


def probe_question() -> Question:
    """The probe's task as a question."""
    task = probe_task()
    return Question(
        system=task.system,
        turns=(Turn("user", task.prompt),),
        schema=task.schema.model_json_schema(),
        schema_name=task.schema.__name__,
        output_max_tokens=task.output_max_tokens,
        timeout_s=task.timeout_s,
    )


@asynccontextmanager
async def open_prober(
    models: Iterable[tuple[ModelSpec, ProviderSpec]], environ: Mapping[str, str]
) -> AsyncIterator[Prober]:
    """A prober of `models` (addresses filled in), whose keys stand in `environ`; one without an address is left out."""
    connections = Connections()
    try:
        clients = {
            model.name: open_provider(
                model, provider, provider.base_url, _key(provider, environ), connections=connections
            )
            for model, provider in models
            if provider.base_url
        }
        await _loaded(clients.values())
        yield Prober(clients, time.monotonic)
    finally:
        await connections.close()


async def _loaded(clients: Iterable[RemoteModel]) -> None:
    """Their libraries take seconds to import: no fault of an endpoint, so before the first question."""
    for client in clients:
        await asyncio.shield(client.load())


def _key(provider: ProviderSpec, environ: Mapping[str, str]) -> SecretStr:
    return SecretStr(environ.get(provider.api_key_env or "", "").strip())
