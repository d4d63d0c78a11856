"""Probes: one tiny question to a model, who is asked it, and what the answer says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pydantic import BaseModel

from workers.domain.health import Condition, Standing
from workers.domain.task import Task

KIND = "health/probe"
SLOW_S = 10.0
"""An answer that takes longer is none."""
OUTPUT_MAX_TOKENS = 256
"""Far more than the answer takes: models that think first would say nothing within less."""
OURS = frozenset({"budget", "no model"})
"""Failures of our own: the model was not even asked."""


class Pong(BaseModel):
    """The whole answer."""

    ok: bool


def probe_task() -> Task[Pong]:
    """The question: about 50 tokens, none of them from a repository."""
    return Task(
        kind=KIND,
        system="You are a health check. Answer with one JSON object and nothing else.",
        prompt='Answer exactly {"ok": true}.',
        schema=Pong,
        prompt_version="1",
        output_max_tokens=OUTPUT_MAX_TOKENS,
        timeout_s=SLOW_S,
        complexity=0.0,
    )


def too_slow(seconds: float) -> bool:
    """Whether an answer after `seconds` came too late."""
    return seconds >= SLOW_S


def due(models: Collection[str], conditions: Sequence[Condition], interval_s: float) -> tuple[str, ...]:
    """Which of `models` are probed now: those used within the last interval, and those that are not healthy.

    A probe costs money: nobody pays for the health of a model that nobody asks. One that failed is probed until it is
    healed, else it would never be asked again. Others are as they were left.
    """
    known = {condition.model: condition for condition in conditions}
    return tuple(model for model in sorted(models) if model in known and _due(known[model], interval_s))


def _due(condition: Condition, interval_s: float) -> bool:
    used = condition.idle_s is not None and condition.idle_s <= interval_s
    return used or condition.standing is not Standing.HEALTHY
