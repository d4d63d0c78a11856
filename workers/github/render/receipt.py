"""What the review cost, and which analysers ran."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.domain.budget import MICROS_PER_CENT, MICROS_PER_USD
from workers.domain.receipt import Compared, compared
from workers.domain.review import Review, ToolRun
from workers.domain.usage import Call, Usage
from workers.github.render.blocks import bounded_table, cell, count, fold, table
from workers.github.render.rendering import Rendering

ROWS_MAX = 20
TOOLS_MAX_BYTES = 3_000
CALLS_MAX_BYTES = 4_000
NAME_MAX_CHARS = 60
DETAIL_MAX_CHARS = 120
UNKNOWN = "unknown"


def cost_fold(review: Review, rendering: Rendering) -> str:
    """The receipt; a review without calls says that it cost nothing."""
    if not review.calls:
        return fold("Cost: static only, $0", "No model was asked.")
    total, sums = _sum(call.usage for call in review.calls), compared(review.calls)
    expected = f" (expected {money(sums.expected_micros)})" if sums.expected_micros is not None else ""
    cost = f"{money(total.cost_micros)}{of_limit(review.run_limit_micros)}"
    summary = f"Cost: {cost}{expected}, {count(total.calls, 'call')}"
    return fold(summary, f"{_receipt(review.calls, total, rendering)}\n\n{_beside(sums, review, rendering)}")


def tools_table(runs: Sequence[ToolRun], rendering: Rendering) -> str:
    """Which analyser ran, how isolated, how it ended."""
    if not runs:
        return ""
    line = rendering.sanitiser.line
    rows = (
        [
            cell(line(text, DETAIL_MAX_CHARS))
            for text in (run.tool, run.outcome, run.isolation, f"{run.seconds:.2f}", run.detail)
        ]
        for run in runs
    )
    head = ["Analyser", "Outcome", "Isolation", "Seconds", "Detail"]
    return bounded_table(head, rows, count_max=ROWS_MAX, max_bytes=TOOLS_MAX_BYTES)


def money(micros: int | None) -> str:
    """Micro-dollars as dollars; None is unknown, never nothing."""
    if micros is None:
        return "cost unknown"
    return f"${micros / 1_000_000:.4f}" if micros else "$0"


def of_limit(limit_micros: int | None) -> str:
    """Limits are set in cents; a finer one is shown as it is."""
    if limit_micros is None:
        return ""
    whole = limit_micros % MICROS_PER_CENT == 0
    return f" of ${limit_micros / MICROS_PER_USD:,.2f}" if whole else f" of {money(limit_micros)}"


def _beside(sums: Compared, review: Review, rendering: Rendering) -> str:
    """What the strongest model would have cost, never without how good the cheaper answers were."""
    quality = (
        "unknown"
        if review.quality is None
        else f"{review.quality:.0%} by evidence, severity, advice and repetition"
    )
    if not sums.premium_model:
        return f"Quality: {quality}.{_agreement(review)}"
    premium = UNKNOWN if sums.premium_micros is None else money(sums.premium_micros)
    name = rendering.sanitiser.line(sums.premium_model, 80)
    return f"The same tokens on {name}, the strongest model here: {premium}. Quality: {quality}.{_agreement(review)}"


def _agreement(review: Review) -> str:
    """Only of models that were asked the same, and whose statements were compared."""
    if review.consistency is None:
        return ""
    return f" Models that read the same files shared {review.consistency:.0%} of what they said."


def _receipt(calls: Sequence[Call], total: Usage, rendering: Rendering) -> str:
    lines = _grouped(calls)
    rows: list[list[str]] = []
    used = 0
    for names, usage in list(lines.items())[:ROWS_MAX]:
        row = _row(*names, usage, rendering)
        used += sum(len(text.encode()) + 3 for text in row)
        if used > CALLS_MAX_BYTES:
            break
        rows.append(row)
    if rest := list(lines.values())[len(rows) :]:
        rows.append(_row(f"{len(rest)} more", "", "", _sum(rest), rendering))
    rows.append(_row("total", "", "", total, rendering))
    return table(["Stage", "Model", "Outcome", "Calls", "In", "Cached", "Out", "Cost", "Seconds"], rows)


def _grouped(calls: Sequence[Call]) -> dict[tuple[str, str, str], Usage]:
    lines: dict[tuple[str, str, str], Usage] = {}
    for call in calls:
        names = (call.stage, call.model, call.outcome)
        lines[names] = lines.get(names, Usage()) + call.usage
    return lines


def _row(stage: str, model: str, outcome: str, usage: Usage, rendering: Rendering) -> list[str]:
    names = [cell(rendering.sanitiser.line(text, NAME_MAX_CHARS)) for text in (stage, model, outcome)]
    tokens = (usage.calls, usage.input_tokens, usage.cached_tokens, usage.output_tokens)
    return [*names, *(f"{number:,}" for number in tokens), money(usage.cost_micros), f"{usage.seconds:.1f}"]


def _sum(usages: Iterable[Usage]) -> Usage:
    return sum(usages, Usage())
