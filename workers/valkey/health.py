"""Which models may be asked, over all workers: breakers that calls drive, and the judgement of probes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from redis.asyncio import Redis

from workers.domain.fresh import Fresh
from workers.domain.health import Condition, Standing
from workers.valkey import breaker
from workers.valkey.away import Spare
from workers.valkey.breaker import Patience, Record
from workers.valkey.health_records import MemoryRecords, Records, Step, ValkeyRecords, conditions

log = structlog.get_logger()

CACHE_S = 1.0


class Watch:
    """The rules over one set of records."""

    def __init__(self, records: Records, patience: Patience) -> None:
        self._records = records
        self._patience = patience

    async def unhealthy(self) -> tuple[frozenset[str], frozenset[str]]:
        """Models that are not to be asked; and of them those whose trial is the caller's, and nobody else's."""
        now, records = await self._records.all()
        out = {model for model, record in records.items() if breaker.standing(record) is not Standing.HEALTHY}
        due = [model for model in sorted(out) if breaker.trial_is_due(records[model], now)]
        return frozenset(out), frozenset([model for model in due if await self._try(model)])

    async def note(self, model: str, step: Step) -> bool:
        """Take `step`; whether the model's standing is another one now, which is logged."""
        change = _Change(step)
        await self._records.change(model, change)
        if change.before == change.after:
            return False
        log.warning("model", model=model, was=str(change.before), now=str(change.after), reason=change.reason)
        return True

    async def count(self, model: str, result: str) -> None:
        """Count a probe."""
        await self._records.count(model, result)

    async def states(self) -> Sequence[Condition]:
        """Every model of which anything is known, by name."""
        return await conditions(self._records)

    async def _try(self, model: str) -> bool:
        """Whether the one trial is ours: the first who writes it down has it."""

        def step(record: Record, now: float) -> Record:
            due = breaker.trial_is_due(record, now)
            return breaker.on_trial(record, now, self._patience) if due else record

        return await self._records.change(model, step)


@dataclass(slots=True)
class _Change:
    """A step that remembers what it did; taken again, it remembers the last time."""

    step: Step
    before: Standing = Standing.HEALTHY
    after: Standing = Standing.HEALTHY
    reason: str = ""

    def __call__(self, record: Record, now: float) -> Record:
        changed = self.step(record, now)
        self.before, self.after = breaker.standing(record), breaker.standing(changed)
        self.reason = changed.reason
        return changed


class ValkeyHealth:
    """Health of all models, shared by workers; each process for itself while Valkey is away.

    `unhealthy` is at most `cache_s` old, but for what this process noted itself. `clock` is monotonic, `now` is in
    epoch seconds.
    """

    def __init__(
        self,
        redis: Redis,
        clock: Callable[[], float],
        now: Callable[[], float],
        *,
        patience: Patience | None = None,
        cache_s: float = CACHE_S,
    ) -> None:
        self._clock = clock
        self._cache_s = cache_s
        self._out = Fresh(self._look, clock, cache_s)
        self._patience = patience or Patience()
        self._shared = Watch(ValkeyRecords(redis), self._patience)
        self._alone = Watch(MemoryRecords(now), self._patience)
        self._spare = Spare("health", clock)
        self._succeeded: dict[str, float] = {}
        self._trials: dict[str, float] = {}

    async def unhealthy(self) -> frozenset[str]:
        """Names of models that are not to be asked now.

        The process that first finds a trial due may ask that model until it notes how that went: not the one caller,
        since who looks may ask another model in the end, and the trial were lost.
        """
        out, now = await self._out.get(), self._clock()
        return frozenset(name for name in out if self._trials.get(name, now) <= now)

    async def _look(self) -> frozenset[str]:
        now = self._clock()
        out, ours = await self._spare.either(self._shared.unhealthy, self._alone.unhealthy)
        self._trials.update(dict.fromkeys(ours, now + self._patience.trial_s))
        return out

    async def succeeded(self, model: str, seconds: float) -> None:
        """A call was answered in `seconds`. Noted once in `cache_s`: many say no more than one."""
        now = self._clock()
        if now - self._succeeded.get(model, float("-inf")) < self._cache_s:
            return
        self._succeeded[model] = now
        await self._note(model, lambda record, now: breaker.after_success(record, now, seconds))

    async def failed(self, model: str, kind: str) -> None:
        """A call failed; `kind` is ModelError's. Of rate limits only those without a time to wait are failures."""
        self._succeeded.pop(model, None)
        await self._note(model, lambda record, now: breaker.after_failure(record, now, kind, self._patience))

    async def probe_passed(self, model: str, seconds: float) -> None:
        """A probe was answered well, and quickly."""
        await self._count(model, "ok")
        await self._note(
            model, lambda record, now: breaker.after_good_probe(record, now, seconds, self._patience)
        )

    async def probe_failed(self, model: str, kind: str) -> None:
        """A probe was answered badly, slowly or not at all."""
        await self._count(model, "failed")
        await self._note(model, lambda record, now: breaker.after_bad_probe(record, now, kind))

    async def states(self) -> Sequence[Condition]:
        """Every model of which anything is known, by name."""
        return await self._spare.either(self._shared.states, self._alone.states)

    async def _note(self, model: str, step: Step) -> None:
        self._trials.pop(model, None)
        changed = await self._spare.either(
            partial(self._shared.note, model, step), partial(self._alone.note, model, step)
        )
        if changed:
            self._out.forget()

    async def _count(self, model: str, result: str) -> None:
        await self._spare.either(
            partial(self._shared.count, model, result), partial(self._alone.count, model, result)
        )
