"""A dry run's asking: the gateway decides and puts money aside as ever, and the question is not sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from workers.domain.task import DRY_RUN, ModelError
from workers.domain.usage import Call, Usage
from workers.llm.parsing import Unusable
from workers.llm.provider import Answer
from workers.llm.settling import Asked, Books

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Stands where `workers.llm.asking.Asking` does, and has no way to any provider."""

    books: Books

    async def ask(self, asked: Asked, judge: Callable[[Answer], V | Unusable]) -> NoReturn:
        """Raise ModelError with the call that would have been made. Raises OverBudgetError, BudgetAwayError before.

        What the call is thought to cost is counted, so that later ones find as much left as they would.
        """
        attempt = await self.books.open(asked)
        spent = attempt.worst if asked.expected_micros is None else asked.expected_micros
        await self.books.budget.settle(attempt.reservation, spent or 0)
        call = self._call(asked, attempt.worst)
        raise ModelError(DRY_RUN, f"{call.model} would be asked: {call.reason}", calls=(*asked.calls, call))

    def _call(self, asked: Asked, worst: int | None) -> Call:
        premium = self.books.purse.premium
        return Call(
            asked.kind,
            asked.endpoint.spec.name,
            DRY_RUN,
            Usage(),
            provider=asked.endpoint.provider.name,
            reason=asked.reason,
            estimated_micros=worst,
            expected_micros=asked.expected_micros,
            premium_micros=premium.typical_micros(asked.input_tokens, asked.output_max_tokens)
            if premium
            else None,
            premium_model=premium.spec.name if premium else "",
        )
