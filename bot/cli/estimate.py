"""`quorum estimate`: what work will cost, before any of it is done. No network, no database."""

from __future__ import annotations

import argparse
import os

from pydantic import ValidationError

from bot.admin.estimates import EstimateAnswer, EstimateRequest, estimated
from bot.cli.advising import open_adviser
from bot.cli.columns import table, usd
from config.settings import Settings
from workers.domain.errors import UserError
from workers.llm.estimate import Calibration


def run(settings: Settings, parsed: argparse.Namespace) -> int:
    """Print the estimate. Raises UserError for usage that can't be read, ConfigError for settings."""
    usage = usage_of(parsed.usage)
    try:
        wanted = EstimateRequest(quality_tier=parsed.tier, estimated_usage=usage)
    except ValidationError as error:
        raise UserError(f"--usage: {error.errors()[0]['msg']}.") from None
    found = estimated(open_adviser(settings, os.environ), wanted, Calibration(None, 0))
    print(found.model_dump_json(indent=2, exclude={"calibration"}) if parsed.json else text(found))
    return 0


def usage_of(words: list[str]) -> dict[str, int]:
    """["review=10"] as a mapping. Raises UserError."""
    usage: dict[str, int] = {}
    for word in words:
        task, _, runs = word.partition("=")
        if not (runs.isascii() and runs.isdigit() and len(runs) <= len("1000000")) or task in usage:
            raise UserError("--usage wants each workflow once, with how often: review=10 docs=2.")
        usage[task] = int(runs)
    return usage


def text(found: EstimateAnswer) -> str:
    """As it is read on a terminal."""
    rows = [("workflow", "cost"), *((name, usd(cost)) for name, cost in found.by_task.items())]
    parts = [table(rows)]
    if found.by_model:
        models = [("model", "cost"), *((name, usd(cost)) for name, cost in found.by_model.items())]
        parts.append(table(models))
    parts.append(f"total  {usd(found.total_cost)}")
    if found.unknown_prices:
        names = ", ".join(found.unknown_prices)
        parts.append(f"Of unknown price: {names}. What is known adds up to {usd(found.known_cost)}.")
    if found.without_model:
        names = ", ".join(found.without_model)
        parts.append(f"No model may be asked for all of: {names}. `quorum recommend` says why.")
    return "\n\n".join(parts)
