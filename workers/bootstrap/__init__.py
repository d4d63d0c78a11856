"""The only place that builds real clients: settings in, services out."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from redis.asyncio import Redis

from config.operator import OperatorRules
from config.settings import Settings
from workers.analysis.analyse import analyse
from workers.analysis.sandbox import JailLimits, Sandbox, probe, tell
from workers.analysis.suggestions import objections
from workers.bootstrap.live_secrets import live_secrets
from workers.bootstrap.models import RunModels, open_run_models
from workers.domain.errors import UserError
from workers.domain.pace import UNPACED, Pace
from workers.domain.review import Review
from workers.domain.secrets import redact
from workers.domain.steady import steady
from workers.domain.task import Models
from workers.experts.proposals import Objections
from workers.github.client import Clients, open_clients
from workers.github.doors import identity_of
from workers.github.leaks import LiveSecrets
from workers.github.pacing import LocalPacing
from workers.github.shared_tokens import SharedTokens
from workers.github.signing import AppCredentials
from workers.github.timing import Timing
from workers.notify.notice import Channel
from workers.notify.registry import open_channels
from workers.pipelines.review import Analyse, ReviewLimits, ReviewRequest, review
from workers.queue import Queue
from workers.storage.alerts import AlertStore
from workers.storage.calls import CallStore
from workers.storage.commands import CommandStore
from workers.storage.configurations import ConfigurationStore
from workers.storage.database import Database
from workers.storage.dismissals import DismissalStore
from workers.storage.duties import DutyStore
from workers.storage.findings import FindingStore
from workers.storage.known import KnownStore
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers
from workers.storage.missed import MissedStore
from workers.storage.outcomes import OutcomeStore
from workers.storage.pulls import PullStore
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports
from workers.storage.retention import retain
from workers.storage.spend import SpendSums
from workers.storage.stale import StaleStore
from workers.storage.topics import TopicStore
from workers.storage.touches import TouchStore
from workers.storage.work import WorkStore
from workers.valkey.pacing import ValkeyPacing
from workers.valkey.together import TogetherRedis

TOKEN_BYTES = 16
REDIS_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class PipelineReviewer:
    """The review pipeline with its analysers."""

    analyse: Analyse
    objections: Objections
    limits: ReviewLimits

    async def review(
        self, request: ReviewRequest, models: Models | None, progress: Callable[[str], None]
    ) -> Review:
        """Review a change; see `workers.pipelines.review`."""
        return await review(
            request,
            analyse=self.analyse,
            objections=self.objections,
            models=models,
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
    receipts: ReceiptBook
    reports: Reports
    spend: SpendSums
    alerts: AlertStore
    channels: Sequence[Channel]
    redis: Redis
    dismissals: DismissalStore
    findings: FindingStore
    outcomes: OutcomeStore
    configurations: ConfigurationStore
    operator: OperatorRules
    ledger: EffectLedger
    leftovers: Leftovers
    queue: Queue
    reviewer: PipelineReviewer
    models: RunModels
    secrets: LiveSecrets
    now: Callable[[], float]
    retain: Callable[[], Awaitable[None]]
    duties: DutyStore
    missed: MissedStore
    known: KnownStore
    stale: StaleStore
    touches: TouchStore
    topics: TopicStore
    sandbox: Sandbox


async def open_reviewer(settings: Settings) -> PipelineReviewer:
    """The review pipeline alone, as the command line uses it: no database, no queue, no GitHub."""
    return _reviewer(settings, await _open_sandbox())


async def _open_sandbox() -> Sandbox:
    sandbox = await probe()
    tell(sandbox)
    return sandbox


def _reviewer(settings: Settings, sandbox: Sandbox) -> PipelineReviewer:
    limits = ReviewLimits(file_max_bytes=settings.file_max_bytes)
    return PipelineReviewer(
        partial(analyse, sandbox=sandbox, limits=JailLimits()),
        partial(objections, sandbox=sandbox, limits=JailLimits()),
        limits,
    )


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything a worker needs, closed at the end.

    Raises UserError for what the operator has left out, ConfigError for overrides that can't be used.
    """
    redis_url = _required(settings)
    await _can_sign(settings)
    operator = OperatorRules.from_environ(os.environ)
    async with AsyncExitStack() as stack:
        database = Database.connect(settings.resolved_database_url())
        stack.push_async_callback(database.close)
        queue = Queue.connect(redis_url)
        stack.push_async_callback(queue.close)
        clients = await stack.enter_async_context(_open_clients(settings, redis_url))
        redis = TogetherRedis.from_url(
            redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )
        stack.push_async_callback(redis.aclose)
        calls = CallStore(database, time.time)
        models = await stack.enter_async_context(
            open_run_models(settings, os.environ, database, redis, calls)
        )
        channels = await stack.enter_async_context(open_channels(settings, time.time))
        sandbox = await _open_sandbox()
        reviewer = _reviewer(settings, sandbox)
        own = live_secrets(settings, os.environ, models.key_variables())
        now = steady()
        work = WorkStore(
            database,
            now=now,
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
            calls,
            ReceiptBook(database),
            Reports(database),
            SpendSums(database),
            AlertStore(database, time.time),
            channels,
            redis,
            DismissalStore(database),
            FindingStore(database, time.time, lambda text: redact(own.redact(text)).text),
            OutcomeStore(database, time.time, lambda text: redact(own.redact(text)).text),
            ConfigurationStore(database, time.time),
            operator,
            EffectLedger(database, time.time),
            Leftovers(database),
            queue,
            reviewer,
            models,
            own,
            now,
            lambda: retain(database, time.time()),
            DutyStore(database, now, partial(secrets.token_hex, TOKEN_BYTES)),
            MissedStore(database, time.time),
            KnownStore(database, time.time),
            StaleStore(database, time.time),
            TouchStore(database, time.time),
            TopicStore(database, time.time),
            sandbox,
        )


def _required(settings: Settings) -> str:
    """The queue's URL, once everything that a worker can't do without is there."""
    given = {
        "QUORUM_APP_ID": settings.app_id,
        "QUORUM_PRIVATE_KEY or QUORUM_BROKER_SOCKET": settings.private_key.get_secret_value()
        or settings.broker_socket,
        "QUORUM_REDIS_URL": settings.redis_url.get_secret_value(),
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise UserError(f"A worker needs {', '.join(missing)}; `quorum serve` brings its own Valkey.")
    return settings.redis_url.get_secret_value()


async def _can_sign(settings: Settings) -> None:
    """Raises UserError for a key that can't: each job that is started without a token would fail for good."""
    if settings.broker_socket is None:
        await AppCredentials(identity_of(settings), Timing()).authorization()


@asynccontextmanager
async def _open_clients(settings: Settings, redis_url: str) -> AsyncIterator[Clients]:
    """GitHub's clients; workers share their pace, and tokens when the operator gave a key to encrypt them with."""
    timing = Timing()
    redis = Redis.from_url(redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S)
    try:
        keyed = settings.storage_key.get_secret_value()
        shared = SharedTokens(redis, settings.storage_key, timing) if keyed else None
        pace = Pace(settings.github_write_interval_s, settings.github_creations_per_hour)
        pacing, app_pacing = _pacing(redis, pace), _pacing(redis, UNPACED)
        async with open_clients(
            settings, shared, timing=timing, pacing=pacing, app_pacing=app_pacing
        ) as clients:
            yield clients
    finally:
        await redis.aclose()


def _pacing(redis: Redis, pace: Pace) -> ValkeyPacing:
    alone = LocalPacing(pace, time.monotonic)
    return ValkeyPacing(redis, pace, alone, partial(secrets.token_hex, TOKEN_BYTES), time.monotonic)
