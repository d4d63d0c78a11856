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
from workers.analysis.sandbox import Sandbox
from workers.bootstrap.github import can_sign, open_paced_clients
from workers.bootstrap.live_secrets import live_secrets
from workers.bootstrap.models import RunModels, open_run_models
from workers.bootstrap.reviewer import PipelineReviewer, open_sandbox, reviewer
from workers.domain.errors import UserError
from workers.domain.secrets import redact
from workers.domain.steady import steady
from workers.github.client import Clients
from workers.github.leaks import LiveSecrets
from workers.hearing import hearing
from workers.notify.notice import Channel
from workers.notify.registry import open_channels
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
from workers.valkey.together import TogetherRedis

TOKEN_BYTES = 16
TURN_LEASES = 3
"""A turn outlives its worker by so many leases of work: a busy machine may miss two beats."""
REDIS_TIMEOUT_S = 2.0


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


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything a worker needs, closed at the end.

    Raises UserError for what the operator has left out, ConfigError for overrides that can't be used.
    """
    redis_url = _required(settings)
    await can_sign(settings)
    operator = OperatorRules.from_environ(os.environ)
    async with AsyncExitStack() as stack:
        doors = await _open_doors(stack, settings, redis_url)
        yield _services(settings, operator, doors, await open_sandbox())


@dataclass(frozen=True, slots=True)
class _Doors:
    """What is open to the outside, and has to be closed."""

    database: Database
    queue: Queue
    clients: Clients
    redis: Redis
    calls: CallStore
    models: RunModels
    channels: Sequence[Channel]


async def _open_doors(stack: AsyncExitStack, settings: Settings, redis_url: str) -> _Doors:
    database = Database.connect(settings.resolved_database_url())
    stack.push_async_callback(database.close)
    queue = Queue.connect(redis_url)
    stack.push_async_callback(queue.close)
    clients = await stack.enter_async_context(open_paced_clients(settings, redis_url))
    redis = hearing(
        TogetherRedis.from_url(
            redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )
    )
    stack.push_async_callback(redis.aclose)
    calls = CallStore(database, time.time)
    models = await stack.enter_async_context(open_run_models(settings, os.environ, database, redis, calls))
    channels = await stack.enter_async_context(open_channels(settings, time.time))
    return _Doors(database, queue, clients, redis, calls, models, channels)


def _services(settings: Settings, operator: OperatorRules, doors: _Doors, sandbox: Sandbox) -> Services:
    database, now = doors.database, steady()
    own = live_secrets(settings, os.environ, doors.models.key_variables())
    return Services(
        settings=settings,
        clients=doors.clients,
        work=_work_store(settings, database, now),
        commands=CommandStore(database, time.time),
        pulls=PullStore(database, time.time),
        calls=doors.calls,
        receipts=ReceiptBook(database),
        reports=Reports(database),
        spend=SpendSums(database),
        alerts=AlertStore(database, time.time),
        channels=doors.channels,
        redis=doors.redis,
        dismissals=DismissalStore(database),
        findings=FindingStore(database, time.time, lambda text: redact(own.redact(text)).text),
        outcomes=OutcomeStore(database, time.time, lambda text: redact(own.redact(text)).text),
        configurations=ConfigurationStore(database, time.time),
        operator=operator,
        ledger=EffectLedger(database, time.time),
        leftovers=Leftovers(database),
        queue=doors.queue,
        reviewer=reviewer(settings, sandbox),
        models=doors.models,
        secrets=own,
        now=now,
        retain=lambda: retain(database, time.time()),
        duties=DutyStore(
            database, now, partial(secrets.token_hex, TOKEN_BYTES), lease_s=TURN_LEASES * settings.lease_s
        ),
        missed=MissedStore(database, time.time),
        known=KnownStore(database, time.time),
        stale=StaleStore(database, time.time),
        touches=TouchStore(database, time.time),
        topics=TopicStore(database, time.time),
        sandbox=sandbox,
    )


def _work_store(settings: Settings, database: Database, now: Callable[[], float]) -> WorkStore:
    return WorkStore(
        database,
        now=now,
        new_token=partial(secrets.token_hex, TOKEN_BYTES),
        lease_s=settings.lease_s,
        jitter=random.random,
        backoff_first_s=settings.retry_backoff_s,
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
