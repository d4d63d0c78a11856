"""`quorum outcomes`: what people made of findings, from the database, to look at or to learn from elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence

from bot.cli.columns import table
from bot.cli.ledger import open_ledger
from config.settings import Settings
from workers.domain.outcome import Labelled, rightness
from workers.storage.outcomes import OutcomeStore

ROWS_MAX = 20


def run(settings: Settings, parsed: argparse.Namespace) -> int:
    """Print them. Raises TransientError for a database that is away."""
    found = asyncio.run(_read(settings))
    print("\n".join(map(line, found)) if parsed.json else text(found))
    return 0


async def _read(settings: Settings) -> Sequence[Labelled]:
    async with open_ledger(settings) as database:
        return await OutcomeStore(database, lambda: 0.0).labelled()


def line(one: Labelled) -> str:
    """A labelled statement as one line of JSON."""
    return json.dumps(
        {
            "speakers": list(one.speakers),
            "aspect": one.aspect,
            "severity": one.severity,
            "rule": one.rule,
            "text": one.text,
            "fate": str(one.fate),
            "how": str(one.how),
            "right": rightness(one.fate),
        }
    )


def text(found: Sequence[Labelled]) -> str:
    """As it is read on a terminal: what became of findings, by model and by rule."""
    if not found:
        return "Nobody has done anything with a finding yet."
    fates = Counter(f"{one.fate} ({one.how})" for one in found)
    head = ", ".join(f"{count:,} {name}" for name, count in fates.most_common())
    by_model = [(speaker, one) for one in found for speaker in one.speakers]
    return "\n\n".join(
        [head, _view("model", by_model), _view("rule", [(f"{one.aspect} {one.rule}", one) for one in found])]
    )


def _view(name: str, found: Sequence[tuple[str, Labelled]]) -> str:
    right = Counter(key for key, one in found if rightness(one.fate))
    total = Counter(key for key, _ in found)
    rows = [(name, "right", "wrong")]
    rows += [
        (key, f"{right[key]:,}", f"{count - right[key]:,}") for key, count in total.most_common(ROWS_MAX)
    ]
    return table(rows)
