"""When a model is asked no more, and when again. Pure: a record and what happened → the next record.

Calls open a breaker: so many failures in a row, or one that no repetition mends. When its time is over one worker
may try; success closes it, failure opens it for twice as long. Probes judge besides: one that fails makes the
model unhealthy, so many good ones in a row heal it. A call's success does not: one good answer among bad ones is chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from workers.domain.health import Condition, Standing

PASSING = frozenset({"unavailable", "timeout", "rate limited"})
"""Failures that may be chance: several in a row open the breaker."""
LASTING = frozenset({"unauthorised", "not found", "quota"})
"""Failures that somebody has to mend: one opens it, for longer."""
ANSWERED = frozenset({"invalid answer", "refused", "context too long"})
"""No failures of the endpoint: it answered. All other kinds are our own and say nothing of it."""

LONGEST_S = 900.0
"""Nothing is ever given more, by whatever worker."""
ROUNDING_S = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """The numbers. `trial_s`: how long one worker may try before another does."""

    failures_max: int = 3
    open_s: float = 30.0
    open_max_s: float = 300.0
    lasting_s: float = LONGEST_S
    trial_s: float = 30.0
    good_probes: int = 3


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of one model. Times are in epoch seconds; `until` ends an open breaker or a trial.

    `failures` and `opened` count in a row, `opened` how often the breaker opened without a success between.
    """

    breaker: Standing = Standing.HEALTHY
    failures: int = 0
    opened: int = 0
    until: float = 0.0
    sick: bool = False
    good_probes: int = 0
    since: float = 0.0
    reason: str = ""
    latency_s: float | None = None
    used_at: float | None = None


def standing(record: Record) -> Standing:
    """How the model stands, all told."""
    return Standing.UNHEALTHY if record.sick else record.breaker


def trial_is_due(record: Record, now: float) -> bool:
    """Whether somebody may try; also where more is left than was ever given, since the clock went back."""
    left_s = record.until - now
    return standing(record) in (Standing.OPEN, Standing.TRIAL) and not 0 < left_s <= LONGEST_S + ROUNDING_S


def on_trial(record: Record, now: float, patience: Patience) -> Record:
    """One worker may try; should nothing be heard of it, another one after `trial_s`."""
    return replace(record, breaker=Standing.TRIAL, until=now + patience.trial_s)


def after_success(record: Record, now: float, seconds: float) -> Record:
    """A call was answered: the breaker closes."""
    return _closed(replace(record, latency_s=seconds, used_at=now), now)


def after_failure(record: Record, now: float, kind: str, patience: Patience) -> Record:
    """A call failed for `kind`."""
    used = replace(record, used_at=now)
    if kind in ANSWERED:
        return _closed(used, now)
    if kind in LASTING:
        return _opened(used, now, kind, patience.lasting_s)
    if kind not in PASSING:
        return used
    failed = replace(used, failures=record.failures + 1)
    if record.breaker is Standing.HEALTHY and failed.failures < patience.failures_max:
        return failed
    if record.breaker is Standing.OPEN:  # a call that began before: it tells nothing new
        return failed
    return _opened(
        failed, now, kind, min(patience.open_max_s, patience.open_s * 2.0 ** min(record.opened, 30))
    )


def after_good_probe(record: Record, now: float, seconds: float, patience: Patience) -> Record:
    """A probe was answered well: a breaker closes, an unhealthy model is healed by enough of them in a row."""
    good = replace(record, latency_s=seconds)
    if not record.sick:
        return _closed(good, now)
    if record.good_probes + 1 < patience.good_probes:
        return replace(good, good_probes=record.good_probes + 1)
    return Record(since=now, latency_s=seconds, used_at=record.used_at)


def after_bad_probe(record: Record, now: float, kind: str) -> Record:
    """A probe failed: unhealthy, whatever came before."""
    since = record.since if record.sick else now
    return replace(record, sick=True, good_probes=0, since=since, reason=kind)


def condition(model: str, record: Record, now: float) -> Condition:
    """The record, for display."""
    idle_s = None if record.used_at is None else max(0.0, now - record.used_at)
    return Condition(
        model, standing(record), record.since, record.reason, record.latency_s, idle_s, record.good_probes
    )


def _closed(record: Record, now: float) -> Record:
    if record.sick:  # for probes to heal; only the breaker's part is over
        return replace(record, breaker=Standing.HEALTHY, failures=0, opened=0)
    since = record.since if record.breaker is Standing.HEALTHY else now
    return replace(record, breaker=Standing.HEALTHY, failures=0, opened=0, until=0.0, since=since, reason="")


def _opened(record: Record, now: float, kind: str, seconds: float) -> Record:
    unhealthy_since = record.since if standing(record) is not Standing.HEALTHY else now
    until = max(record.until, now + seconds)
    return replace(
        record,
        breaker=Standing.OPEN,
        opened=record.opened + 1,
        until=until,
        since=unhealthy_since,
        reason=kind,
    )
