"""Probes models that are in use, beside all other work: one worker asks for all, once an interval."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import structlog

from workers.domain.health import Condition
from workers.domain.task import ModelError
from workers.llm.probing import OURS, due, too_slow

log = structlog.get_logger()

PROBES_AT_ONCE_MAX = 4
ROUND_MAX_S = 110.0
"""Ends before the leader's lock does, so that nobody else begins beside it."""

Probe = Callable[[str], Awaitable[float]]
"""Ask the model of this name one tiny question (`workers.llm.probing.probe_task`), whatever its health; the seconds
that the answer took. Raises ModelError. Whoever built it records what it costs, and counts it as no use of the model."""


class Watched(Protocol):
    """Where health is kept."""

    async def states(self) -> Sequence[Condition]:
        """Every model of which anything is known."""
        ...

    async def probe_passed(self, model: str, seconds: float) -> None:
        """A probe was answered well, and quickly."""
        ...

    async def probe_failed(self, model: str, kind: str) -> None:
        """A probe was answered badly, slowly or not at all."""
        ...


@dataclass(frozen=True, slots=True)
class HealthLoop:
    """Probes `models`. `lead` says who is to; its round counts as done when it is left without an error."""

    models: Collection[str]
    probe: Probe
    health: Watched
    lead: Callable[[], AbstractAsyncContextManager[bool]]
    interval_s: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    round_max_s: float = ROUND_MAX_S

    async def run(self) -> None:
        """A round now and every interval, until cancelled."""
        while True:
            await self.round()
            await self.sleep(self.interval_s)

    async def round(self) -> None:
        """Probe every model that is due, if it is ours to do."""
        async with self.lead() as leading:
            if not leading:
                return
            chosen = due(self.models, await self.health.states(), self.interval_s)
            try:
                async with asyncio.timeout(self.round_max_s):
                    await self._probe_all(chosen)
            except TimeoutError:
                log.warning("a round of probes took too long", models=len(chosen))

    async def _probe_all(self, models: Sequence[str]) -> None:
        slots = asyncio.Semaphore(PROBES_AT_ONCE_MAX)

        async def one(model: str) -> None:
            async with slots:
                await self._probe(model)

        async with asyncio.TaskGroup() as group:
            for model in models:
                group.create_task(one(model))

    async def _probe(self, model: str) -> None:
        try:
            seconds = await self.probe(model)
        except ModelError as error:
            if error.kind not in OURS:
                await self.health.probe_failed(model, error.kind)
            return
        if too_slow(seconds):
            await self.health.probe_failed(model, "timeout")
        else:
            await self.health.probe_passed(model, seconds)
