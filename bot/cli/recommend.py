"""`quorum recommend`: which model a task would go to, and why. No network, no database."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

from bot.admin.recommendations import Recommendations, RecommendationShown, recommended
from bot.cli.advising import open_adviser
from config.settings import Settings

OTHERS_MAX = 5


def run(settings: Settings, parsed: argparse.Namespace) -> int:
    """Print the choice on each tier, or on the one that was asked for. Raises UserError for an unknown task."""
    found = recommended(open_adviser(settings, os.environ), parsed.task)
    tiers = {name: one for name, one in found.tiers.items() if parsed.tier in (None, name)}
    shown = Recommendations(task_type=found.task_type, tiers=tiers)
    print(shown.model_dump_json(indent=2) if parsed.json else text(shown.tiers))
    return 0


def text(tiers: Mapping[str, RecommendationShown]) -> str:
    """As it is read on a terminal."""
    return "\n\n".join(_block(name, one) for name, one in tiers.items())


def _block(tier: str, one: RecommendationShown) -> str:
    others = [f"  or {other.model}: {other.why_not}" for other in one.alternatives[:OTHERS_MAX]]
    return "\n".join([f"{tier}: {one.model or 'no model'}", f"  {one.reason}", *others])
