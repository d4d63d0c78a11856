"""What a run has cost, beside what it was thought to cost, what it would have cost, and how good it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workers.domain.usage import Call
from workers.domain.work import Claim


@dataclass(frozen=True, slots=True)
class Receipt:
    """One run. Costs are micro-dollars, None is unknown; `quality` is 0 to 1 and `validated` whether the result passed
    its checks, None where that was not measured. `premium_micros` is the cost of the same tokens on `premium_model`.
    """

    run: str
    repo_id: int
    number: int
    workflow: str
    calls: int
    cost_micros: int | None
    estimated_micros: int | None
    premium_micros: int | None
    premium_model: str
    quality: float | None
    validated: bool | None
    at: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What calls cost beside what they were thought to, and what the same tokens cost on `premium_model`.

    Micro-dollars; None is unknown. `premium_model` is "" where it answered everything itself: nothing to compare.
    """

    calls: int
    cost_micros: int | None
    expected_micros: int | None
    premium_micros: int | None
    premium_model: str


def compared(calls: Sequence[Call]) -> Compared:
    """The sums of those of `calls` that were made."""
    asked = [call for call in calls if call.usage.calls]
    premium = _premium(asked)
    return Compared(
        calls=sum(call.usage.calls for call in asked),
        cost_micros=summed(call.usage.cost_micros for call in asked),
        expected_micros=summed(call.expected_micros for call in asked),
        premium_micros=summed(call.premium_micros for call in asked),
        premium_model="" if all(call.model == premium for call in asked) else premium,
    )


def _premium(asked: Sequence[Call]) -> str:
    return next((call.premium_model for call in asked if call.premium_model), "")


def receipt_of(
    claim: Claim,
    workflow: str,
    calls: Sequence[Call],
    *,
    quality: float | None,
    validated: bool | None,
    at: float,
) -> Receipt:
    """The receipt of a run that made `calls`. A sum is unknown when a part of it is."""
    asked = [call for call in calls if call.usage.calls]
    sums = compared(asked)
    return Receipt(
        run=claim.token,
        repo_id=claim.key.repo_id,
        number=claim.key.number,
        workflow=workflow,
        calls=sums.calls,
        cost_micros=sums.cost_micros,
        estimated_micros=sums.expected_micros,
        premium_micros=sums.premium_micros,
        premium_model=_premium(asked),
        quality=quality,
        validated=validated,
        at=at,
    )


def summed(parts: Iterable[int | None]) -> int | None:
    """The sum of `parts`, None when one of them is."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
