"""The only place that builds real clients: settings in, services out."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import structlog
from redis.asyncio import Redis

from config.operator import OperatorRules
from config.settings import Settings
from workers.analysis.analyse import analyse
from workers.analysis.sandbox import JailLimits, probe
from workers.domain.errors import UserError
from workers.domain.review import Review
from workers.domain.task import Models
from workers.domain.usage import Call
from workers.github.client import Clients, open_clients
from workers.github.leaks import LiveSecrets
from workers.github.shared_tokens import SharedTokens
from workers.github.timing import Timing
from workers.llm.gateway import Gateway, Limits, Surroundings
from workers.llm.prices import price_for
from workers.llm.providers.openai_compatible import OpenAICompatibleProvider
from workers.llm.retry import RetryPolicy
from workers.llm.router import Endpoint
from workers.pipelines.review import Analyse, ReviewLimits, ReviewRequest, review
from workers.queue import Queue
from workers.storage.calls import CallStore
from workers.storage.commands import CommandStore
from workers.storage.configurations import ConfigurationStore
from workers.storage.database import Database
from workers.storage.dismissals import DismissalStore
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers
from workers.storage.pulls import PullStore
from workers.storage.retention import retain
from workers.storage.work import WorkStore

log = structlog.get_logger()

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class PipelineReviewer:
    """The review pipeline with its analysers and models."""

    analyse: Analyse
    models: Models | None
    limits: ReviewLimits

    async def review(self, request: ReviewRequest, progress: Callable[[str], None]) -> Review:
        """Review a change; see `workers.pipelines.review`."""
        return await review(
            request,
            analyse=self.analyse,
            models=self.models,
            progress=progress,
            new_boundary=partial(secrets.token_hex, TOKEN_BYTES),
            clock=time.monotonic,
            limits=self.limits,
        )


@dataclass(frozen=True, slots=True)
class Services:
    """What jobs are made of."""

    settings: Settings
    clients: Clients
    work: WorkStore
    commands: CommandStore
    pulls: PullStore
    calls: CallStore
    dismissals: DismissalStore
    configurations: ConfigurationStore
    operator: OperatorRules
    ledger: EffectLedger
    leftovers: Leftovers
    queue: Queue
    reviewer: PipelineReviewer
    secrets: LiveSecrets
    now: Callable[[], float]
    retain: Callable[[], Awaitable[None]]


@asynccontextmanager
async def open_reviewer(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> AsyncIterator[PipelineReviewer]:
    """The review pipeline alone, as the command line uses it: no database, no queue, no GitHub."""
    sandbox = await probe()
    limits = ReviewLimits(file_max_bytes=settings.file_max_bytes)
    log.info("sandbox", isolation=sandbox.isolation)
    async with _open_models(settings, os.environ if environ is None else environ) as models:
        yield PipelineReviewer(partial(analyse, sandbox=sandbox, limits=JailLimits()), models, limits)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything a worker needs, closed at the end.

    Raises UserError for what the operator has left out, ConfigError for overrides that can't be used.
    """
    redis_url = _required(settings)
    operator = OperatorRules.from_environ(os.environ)
    async with AsyncExitStack() as stack:
        database = Database.connect(settings.resolved_database_url())
        stack.push_async_callback(database.close)
        queue = Queue.connect(redis_url)
        stack.push_async_callback(queue.close)
        clients = await stack.enter_async_context(_open_clients(settings, redis_url))
        reviewer = await stack.enter_async_context(open_reviewer(settings))
        work = WorkStore(
            database,
            now=time.time,
            new_token=partial(secrets.token_hex, TOKEN_BYTES),
            lease_s=settings.lease_s,
            jitter=random.random,
            backoff_first_s=settings.retry_backoff_s,
        )
        yield Services(
            settings,
            clients,
            work,
            CommandStore(database, time.time),
            PullStore(database, time.time),
            CallStore(database, time.time),
            DismissalStore(database),
            ConfigurationStore(database, time.time),
            operator,
            EffectLedger(database, time.time),
            Leftovers(database),
            queue,
            reviewer,
            live_secrets(settings, os.environ),
            time.time,
            lambda: retain(database, time.time()),
        )


def live_secrets(settings: Settings, environ: Mapping[str, str]) -> LiveSecrets:
    """This process's own secrets, which no text of ours may carry out."""
    values: Sequence[str] = (
        settings.private_key.get_secret_value(),
        *(secret.decode() for secret in settings.webhook_secrets()),
        settings.storage_key.get_secret_value(),
        environ.get(settings.model_api_key_env, ""),
        urlsplit(settings.database_url.get_secret_value()).password or "",
        urlsplit(settings.redis_url.get_secret_value()).password or "",
    )
    return LiveSecrets.of(value for value in values if value)


def _required(settings: Settings) -> str:
    """The queue's URL, once everything that a worker can't do without is there."""
    given = {
        "QUORUM_APP_ID": settings.app_id,
        "QUORUM_PRIVATE_KEY": settings.private_key.get_secret_value(),
        "QUORUM_REDIS_URL": settings.redis_url.get_secret_value(),
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise UserError(f"A worker needs {', '.join(missing)}; `quorum serve` brings its own Valkey.")
    return settings.redis_url.get_secret_value()


@asynccontextmanager
async def _open_clients(settings: Settings, redis_url: str) -> AsyncIterator[Clients]:
    """GitHub's clients; tokens are shared between workers when the operator gave a key to encrypt them with."""
    timing = Timing()
    pace = settings.github_write_interval_s
    if not settings.storage_key.get_secret_value():
        async with open_clients(settings, timing=timing, write_interval_s=pace) as clients:
            yield clients
        return
    redis = Redis.from_url(redis_url, socket_timeout=2.0, socket_connect_timeout=2.0)
    try:
        shared = SharedTokens(redis, settings.storage_key, timing)
        async with open_clients(settings, shared, timing=timing, write_interval_s=pace) as clients:
            yield clients
    finally:
        await redis.aclose()


@asynccontextmanager
async def _open_models(settings: Settings, environ: Mapping[str, str]) -> AsyncIterator[Models | None]:
    """The gateway to the configured model, or None: reviews are static then, and say so."""
    if not settings.model:
        yield None
        return
    if settings.model_base_url is None:
        raise UserError("QUORUM_MODEL is set, so QUORUM_MODEL_BASE_URL must name its endpoint.")
    provider = OpenAICompatibleProvider(
        settings.model,
        settings.model_base_url,
        api_key_env=settings.model_api_key_env,
        environ=environ,
        output_mode=settings.model_output_mode,
    )
    price = price_for(
        settings.model,
        settings.model_base_url,
        settings.model_input_usd_per_million,
        settings.model_output_usd_per_million,
    )
    try:
        provider.load()
        yield Gateway(
            Endpoint(settings.model, provider, price, settings.model_context_tokens),
            _log_call,
            limits=Limits(settings.model_timeout_s, settings.model_concurrency),
            retry=RetryPolicy(settings.model_attempts_max),
            surroundings=Surroundings(),
        )
    finally:
        await provider.close()


def _log_call(call: Call) -> None:
    used = call.usage
    log.info(
        "model call",
        stage=call.stage,
        model=call.model,
        outcome=call.outcome,
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cost_micros=used.cost_micros,
        seconds=round(used.seconds, 3),
    )
