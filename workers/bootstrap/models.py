"""The door to models: over Valkey and the database for workers, within one process for the command line."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from redis.asyncio import Redis

from config.catalogue import Catalogue
from config.catalogue_single import open_catalogue
from config.operator import OperatorRules
from config.repository import RepositoryConfig
from config.settings import Settings
from workers.bootstrap.endpoints import Endpoints, open_endpoints
from workers.bootstrap.live_secrets import live_secrets
from workers.domain.budget import Spender
from workers.domain.task import Models
from workers.domain.usage import Call
from workers.domain.work import Claim
from workers.llm.batching import Batches
from workers.llm.door import Door, DoorLimits
from workers.llm.local import LocalBudget, LocalHealth, LocalLimiter, LocalProfiles, NoAnswers
from workers.llm.money import limits_of
from workers.llm.ports import Ports
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Endpoint, Purse, Surroundings
from workers.storage.calls import CallStore
from workers.storage.database import Database
from workers.storage.profiles import ProfileStore
from workers.storage.spend import SpendSums
from workers.valkey.answers import KeptLimits, ValkeyAnswers
from workers.valkey.budget import ValkeyBudget
from workers.valkey.health import ValkeyHealth
from workers.valkey.limiter import ValkeyLimiter

log = structlog.get_logger()

ID_BYTES = 16
SLOT_SPARE_S = 30.0
LOCAL = Spender(installation_id=0, repo_id=0, run="local")


@dataclass(frozen=True, slots=True)
class RunModels:
    """Opens the models of one run."""

    settings: Settings
    door: Door
    endpoints: Endpoints
    catalogue: Catalogue
    calls: CallStore
    found: Mapping[str, Endpoint]
    health: ValkeyHealth

    def key_variables(self) -> frozenset[str]:
        """Names of the variables whose values are keys, also of models that are not asked."""
        return key_variables(self.settings, self.endpoints.environ)

    @asynccontextmanager
    async def open(
        self, claim: Claim, head_sha: str, config: RepositoryConfig, user_id: int = 0
    ) -> AsyncIterator[Models | None]:
        """The models that the claimed work may ask, in whose name and under which limits it does."""
        own = self.endpoints.own(config.orchestration, self.catalogue)
        if not self.door.endpoints and not own.endpoints:
            yield None
            return
        key = claim.key
        purse = Purse(
            Spender(key.installation_id, key.repo_id, claim.token, user_id),
            limits_of(self.settings, config.orchestration.cost_tracking),
            _telling(self.calls.recorder(claim, head_sha, user_id)),
        )
        async with self.door.open(purse, own.rules, own.endpoints) as gateway:
            yield gateway


def key_variables(settings: Settings, environ: Mapping[str, str]) -> frozenset[str]:
    """Names of the variables whose values are keys, also of models that are not asked."""
    providers = open_catalogue(settings).providers.values()
    named = {one.api_key_env for one in providers if one.api_key_env}
    return frozenset(named | OperatorRules.from_environ(environ).allowed_key_envs)


@asynccontextmanager
async def open_run_models(
    settings: Settings, environ: Mapping[str, str], database: Database, redis: Redis, calls: CallStore
) -> AsyncIterator[RunModels]:
    """What workers ask models with: counters, buckets, breakers and answers are shared in Valkey."""
    async with open_endpoints(settings, environ) as (endpoints, catalogue, found):
        new_id = partial(secrets.token_hex, ID_BYTES)
        health = ValkeyHealth(redis, time.monotonic, time.time)
        own = live_secrets(settings, environ, key_variables(settings, environ))
        ports = Ports(
            ValkeyBudget(redis, SpendSums(database), time.time, new_id),
            ValkeyLimiter(redis, time.monotonic, new_id, lease_s=settings.model_timeout_s + SLOT_SPARE_S),
            health,
            ValkeyAnswers(
                redis,
                KeptLimits(settings.answer_ttl_s, settings.answer_max_bytes),
                me=new_id(),
                clock=time.monotonic,
                sleep=asyncio.sleep,
                may_be_kept=lambda text: own.redact(text) == text,
            ),
            ProfileStore(database, time.time),
        )
        endpoints.load()
        door = _door(settings, found, ports)
        log.info("models", count=len(found), names=sorted(found)[:20])
        yield RunModels(settings, door, endpoints, catalogue, calls, found, health)


@asynccontextmanager
async def open_local_models(
    settings: Settings, environ: Mapping[str, str], config: RepositoryConfig, *, rehearse: bool = False
) -> AsyncIterator[Models | None]:
    """What the command line asks models with: nothing is shared, and only its own calls are counted.

    With `rehearse` nobody is asked: every question ends in a ModelError that says who would have been.
    """
    async with open_endpoints(settings, environ) as (endpoints, catalogue, found):
        own = endpoints.own(config.orchestration, catalogue)
        if not found and not own.endpoints:
            yield None
            return
        ports = Ports(LocalBudget(), LocalLimiter(), LocalHealth(), NoAnswers(), LocalProfiles())
        purse = Purse(LOCAL, limits_of(settings, config.orchestration.cost_tracking), _tell)
        door = _door(settings, found, ports)
        opening = door.rehearse if rehearse else door.open
        async with opening(purse, own.rules, own.endpoints) as gateway:
            yield gateway


def _door(settings: Settings, found: Mapping[str, Endpoint], ports: Ports) -> Door:
    limits = DoorLimits(settings.model_timeout_s, settings.allow_unknown_prices)
    around, retry = Surroundings(), RetryPolicy(settings.model_attempts_max)
    return Door(found, ports, limits, retry, around, Batches(around, retry))


def _telling(record: Callable[[Call], Awaitable[None]]) -> Callable[[Call], Awaitable[None]]:
    told = log.bind()  # once a run: it takes as long as half a line

    async def both(call: Call) -> None:
        await record(call)
        _say(told, call)

    return both


async def _tell(call: Call) -> None:
    _say(log, call)


def _say(told: structlog.typing.FilteringBoundLogger, call: Call) -> None:
    used = call.usage
    told.info(
        "model call",
        stage=call.stage,
        model=call.model,
        outcome=call.outcome,
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cost_micros=used.cost_micros,
        seconds=round(used.seconds, 3),
    )
