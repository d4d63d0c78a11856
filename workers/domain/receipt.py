"""What a run has cost, beside what it was thought to cost, what it would have cost, and how good it was."""

from __future__ import annotations

from dataclasses import dataclass


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
