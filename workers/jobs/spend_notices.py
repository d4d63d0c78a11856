"""What the operator is told of money, in words: a budget that runs out, and a month that has ended."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.budget import MICROS_PER_USD, Limit, Payer, Period
from workers.notify.notice import Notice
from workers.storage.receipts import Saving
from workers.storage.reports import Line, Owed, Spend

TOP = 5
SPENT_OUT = 100
REPORT = "report"


def budget_notice(limit: Limit, owed: Owed, period: str, percent: int) -> Notice:
    """`percent` of `limit` is spent in `period` ("2026-11")."""
    whose = _whose(limit.payer, owed)
    each = "day" if limit.period is Period.DAY else "month"
    facts = [
        ("Spent", usd(owed.counted_micros)),
        ("Budget", f"{usd(limit.micros)} a {each} ({limit.origin})"),
        ("Period", f"{period} (UTC)"),
    ]
    if owed.unpriced:
        facts.append(("Calls of unknown cost, counted as estimated", f"{owed.unpriced:,}"))
    return Notice(
        f"{limit.payer}-{owed.payer_id}-{period}-{percent}",
        f"{percent} % of {whose} {each}'s budget is spent",
        _consequence(percent, each),
        tuple(facts),
    )


def month_notice(month: str, spend: Spend, savings: Sequence[Saving]) -> Notice:
    """What `month` has cost, on whom it was spent, and what was saved at which quality."""
    total = spend.total
    facts = [
        ("Calls", f"{total.calls:,}"),
        ("Tokens", f"{total.input_tokens:,} in, {total.output_tokens:,} out"),
    ]
    if total.unpriced:
        facts.append(("Calls of unknown cost, not counted", f"{total.unpriced:,}"))
    facts += [
        ("Dearest models", _top(spend.by_model)),
        ("Dearest repositories", _top(spend.by_repository)),
        *((f"Saved on {one.workflow}", _saved(one)) for one in savings),
    ]
    subject = f"Quorum in {month}: {usd(total.known_micros)} for models"
    return Notice(f"operator-0-{month}-{REPORT}", subject, "", tuple(facts))


def usd(micros: int) -> str:
    """Micro-dollars as dollars; small sums are not rounded to nothing."""
    value = micros / MICROS_PER_USD
    return f"${value:,.2f}" if value >= 1 or not micros else f"${value:.4f}"


def _whose(payer: Payer, owed: Owed) -> str:
    if payer is Payer.OPERATOR:
        return "the"
    return f"{owed.name or f'{payer} {owed.payer_id}'}'s"


def _consequence(percent: int, each: str) -> str:
    if percent >= SPENT_OUT:
        return f"No model is asked on this budget until the next {each}."
    return "Reviews go on; as the rest gets smaller, cheaper models are asked."


def _top(lines: Sequence[Line]) -> str:
    return ", ".join(f"{one.name} {usd(one.known_micros)}" for one in lines[:TOP]) or "none"


def _saved(one: Saving) -> str:
    """A saving stands beside the quality of the same runs, or is not told."""
    if one.share is None or one.quality is None:
        return f"not known: none of {one.runs:,} runs has cost, premium cost and quality"
    checked = f", {one.passed} of {one.checked} validated" if one.checked else ""
    return f"{one.share:.0%} at quality {one.quality:.2f}{checked} ({one.compared:,} of {one.runs:,} runs)"
