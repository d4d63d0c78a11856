"""What a pull request's reviews used, by stage and model, and what the repository used this month."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.usage import Usage
from workers.github.render.blocks import cell, count, paragraphs, table
from workers.github.render.receipt import money
from workers.github.sanitise import Sanitiser

ROWS_MAX = 30

Spent = tuple[str, str, Usage]


def cost_text(rows: Sequence[Spent], month: Usage, sanitiser: Sanitiser) -> str:
    """`rows` are (stage, model, usage) of the pull request, `month` is the repository's; an unknown cost says so."""
    return paragraphs(_receipt(rows, sanitiser), _month(month))


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


def _month(month: Usage) -> str:
    if not month.calls:
        return "This repository, this month (UTC): no calls."
    tokens = f"{month.input_tokens:,} tokens in, {month.output_tokens:,} out"
    return f"This repository, this month (UTC): {money(month.cost_micros)}, {count(month.calls, 'call')}, {tokens}."


def _sum(rows: Sequence[Spent]) -> Usage:
    return sum((usage for _, _, usage in rows), Usage())
