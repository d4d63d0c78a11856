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
    return Receipt(
        run=claim.token,
        repo_id=claim.key.repo_id,
        number=claim.key.number,
        workflow=workflow,
        calls=sum(call.usage.calls for call in calls),
        cost_micros=_sum(call.usage.cost_micros for call in asked),
        estimated_micros=_sum(call.expected_micros for call in asked),
        premium_micros=_sum(call.premium_micros for call in asked),
        premium_model=next((call.premium_model for call in asked if call.premium_model), ""),
        quality=quality,
        validated=validated,
        at=at,
    )


def _sum(parts: Iterable[int | None]) -> int | None:
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
