"""Which models were asked, or would be, and what it cost, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.columns import UNKNOWN, usd
from workers.domain.budget import MICROS_PER_USD
from workers.domain.receipt import Compared, compared, summed
from workers.domain.review import Planned, Review
from workers.pipelines.notices import STATIC_ONLY

NAMES_MAX = 5
NOBODY = "models: none was asked, $0"
NOT_CONFIGURED = (
    "models: none is configured, $0; set QUORUM_PROVIDERS=auto and a provider's key, or QUORUM_MODEL "
    "(`quorum models list --all` says what each model lacks)"
)


def asked(review: Review) -> Iterator[str]:
    """One line of a review, several of a dry run."""
    if review.planned:
        yield from _planned(review)
    elif review.calls:
        yield f"models: {_asked(review)}"
    else:
        yield NOT_CONFIGURED if STATIC_ONLY in review.notices else NOBODY


def _asked(review: Review) -> str:
    sums = compared(review.calls)
    names = _some([call.model for call in review.calls])
    said = f"{sums.calls} call{'' if sums.calls == 1 else 's'} to {names}, {_money(sums.cost_micros)}"
    said += f" (expected {_money(sums.expected_micros)})"
    return f"{said}; {_premium(sums)}{_quality(review.quality)}"


def _premium(sums: Compared) -> str:
    """Never without the quality beside it."""
    if not sums.premium_model:
        return ""
    return f"{sums.premium_model} would have cost {_money(sums.premium_micros)}; "


def _quality(quality: float | None) -> str:
    if quality is None:
        return "quality unknown"
    return f"{quality:.0%} by evidence, severity, advice and repetition"


def _planned(review: Review) -> Iterator[str]:
    yield "dry run: nobody was asked; this would be:"
    for number, one in enumerate(review.planned, start=1):
        yield f"  {number}. {_question(one)}"
        yield f"     {one.call.reason}"
    calls = [one.call for one in review.planned]
    expected, worst = (
        summed(call.expected_micros for call in calls),
        summed(call.estimated_micros for call in calls),
    )
    count = f"{len(calls)} question{'' if len(calls) == 1 else 's'}"
    yield f"models: {count} planned, {_estimate(expected, worst)}; a repair or another try costs extra"


def _question(one: Planned) -> str:
    where = f"{one.call.model} ({one.call.provider})"
    return (
        f"{where} about {_some(one.paths)}: {_estimate(one.call.expected_micros, one.call.estimated_micros)}"
    )


def _estimate(expected: int | None, worst: int | None) -> str:
    return f"{_money(expected)} as a rule, {_money(worst)} at worst"


def _some(names: list[str] | tuple[str, ...]) -> str:
    distinct = list(dict.fromkeys(names))
    more = f" and {len(distinct) - NAMES_MAX} more" if len(distinct) > NAMES_MAX else ""
    return ", ".join(distinct[:NAMES_MAX]) + more


def _money(micros: int | None) -> str:
    return UNKNOWN if micros is None else usd(micros / MICROS_PER_USD)
