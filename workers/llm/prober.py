"""One tiny question to one model, past cache, budget and breaker: the answer counts, not who pays for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from pydantic import SecretStr

from config.catalogue import ModelSpec, ProviderSpec
from workers.domain.task import ModelError
from workers.domain.usage import Usage
from workers.llm.parsing import Unusable, parse
from workers.llm.probing import probe_task
from workers.llm.provider import Answer, Provider, ProviderError, Question, Turn
from workers.llm.providers.connections import Connections
from workers.llm.providers.registry import open_provider
from workers.llm.providers.remote import RemoteModel
from workers.llm.undisturbed import closing

Record = Callable[[str, str, Usage], Awaitable[None]]
"""(model, outcome, used): a question was sent. What an answer costs is not in `used`: prices are the caller's."""

ANSWERED = frozenset({"ok", "invalid answer"})
"""Outcomes of a question that was answered, and is paid for as any other."""


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
            cost_micros = None if error.may_cost else 0
            await self._keep(
                model, error.kind, Usage(1, cost_micros=cost_micros, seconds=self._monotonic() - began)
            )
            raise ModelError(error.kind, str(error)) from None
        except asyncio.CancelledError:
            used = Usage(1, cost_micros=None, seconds=self._monotonic() - began)
            await closing(self._keep(model, "cancelled", used))
            raise
        seconds = self._monotonic() - began
        unusable = isinstance(parse(answer.text, probe_task().schema), Unusable)
        await self._keep(model, "invalid answer" if unusable else "ok", _used(answer, seconds))
        if unusable:
            raise ModelError("invalid answer", f"{model} answered, but not as it was asked to")
        return seconds

    async def _keep(self, model: str, outcome: str, used: Usage) -> None:
        if self._record is not None:
            await self._record(model, outcome, used)


def _used(answer: Answer, seconds: float) -> Usage:
    tokens = (answer.input_tokens, answer.cached_tokens, answer.output_tokens)
    return Usage(1, *tokens, None, seconds, answer.written_tokens)


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
