"""What a pull request's reviews used, by stage and model, and what the repository used this month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workers.domain.budget import Period
from workers.domain.spend import Used
from workers.domain.usage import Usage
from workers.github.fences import code_span
from workers.github.render.blocks import cell, count, paragraphs, table
from workers.github.render.receipt import money
from workers.github.sanitise import Sanitiser

ROWS_MAX = 30
NAMES_MAX = 5
SPANS = {Period.DAY: "today", Period.MONTH: "this month"}

Spent = tuple[str, str, Usage]


def cost_text(rows: Sequence[Spent], month: Usage, sanitiser: Sanitiser, budgets: Sequence[Used] = ()) -> str:
    """`rows` are (stage, model, usage) of the pull request, `month` and `budgets` are the repository's.

    An unknown cost says so, and whose it is.
    """
    return paragraphs(_receipt(rows, sanitiser), _unknown(rows, sanitiser), _month(month), _left(budgets))


def _receipt(rows: Sequence[Spent], sanitiser: Sanitiser) -> str:
    if not rows:
        return "No model was asked for this pull request, so it cost nothing."
    lines = [_row(stage, model, usage, sanitiser) for stage, model, usage in rows[:ROWS_MAX]]
    if rest := rows[ROWS_MAX:]:
        lines.append(_row(f"{len(rest)} more", "", _sum(rest), sanitiser))
    lines.append(_row("total", "", _sum(rows), sanitiser))
    return table(["Stage", "Model", "Calls", "In", "Cached", "Out", "Cost", "Seconds"], lines)


def _row(stage: str, model: str, usage: Usage, sanitiser: Sanitiser) -> list[str]:
    names = [cell(sanitiser.line(text, 80)) for text in (stage, model)]
    numbers = (usage.calls, usage.input_tokens, usage.cached_tokens, usage.output_tokens)
    return [*names, *(f"{number:,}" for number in numbers), money(usage.cost_micros), f"{usage.seconds:.1f}"]


def _unknown(rows: Sequence[Spent], sanitiser: Sanitiser) -> str:
    """The models that nobody knows the cost of, and what the others cost; "" when all is known."""
    calls: Counter[str] = Counter()
    for _, model, usage in rows:
        if usage.cost_micros is None:
            calls[model] += usage.calls
    if not calls:
        return ""
    named = [
        f"{sanitiser.line(model, 80)} ({count(calls[model], 'call')})" for model in list(calls)[:NAMES_MAX]
    ]
    named += [f"{len(calls) - NAMES_MAX} more"] if len(calls) > NAMES_MAX else []
    known = sum(usage.cost_micros or 0 for _, _, usage in rows)
    return f"Of unknown cost: {', '.join(named)}. The others: {money(known)}."


def _left(budgets: Sequence[Used]) -> str:
    """What the repository may spend still; a call of unknown cost counts as estimated."""
    if not budgets:
        return ""
    said = (
        f"{SPANS[one.limit.period]} {money(one.left_micros)} of {money(one.limit.micros)} ({code_span(one.limit.origin)})"
        for one in budgets
    )
    return f"Left of its budget: {', '.join(said)}."


def _month(month: Usage) -> str:
    if not month.calls:
        return "This repository, this month (UTC): no calls."
    tokens = f"{month.input_tokens:,} tokens in, {month.output_tokens:,} out"
    return f"This repository, this month (UTC): {money(month.cost_micros)}, {count(month.calls, 'call')}, {tokens}."


def _sum(rows: Sequence[Spent]) -> Usage:
    return sum((usage for _, _, usage in rows), Usage())
