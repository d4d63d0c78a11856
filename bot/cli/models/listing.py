"""`quorum models list`: a row for each model that may be asked."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence

from bot.cli.models.rows import Row, overview
from bot.cli.models.values import brief
from config.settings import Settings
from workers.llm.pricing import Rate

HEAD = ("name", "provider", "quality", "$/M in", "$/M out", "window", "speed", "can be asked", "strengths")
UNKNOWN = "?"
NOTES = "quality: a prior, out of 10. +: more for a long prompt. ?: unknown, never taken for 0."
NOBODY = "No model can be asked. `quorum models list --all` shows every model, and why not."


def run(parsed: argparse.Namespace) -> int:
    """Print them. Raises ConfigError for settings or a file that can't be used."""
    found = overview(Settings.from_environ(os.environ), os.environ)
    rows = list(found.rows(everything=parsed.all))
    print(_json(rows) if parsed.json else _text(rows))
    return 0


def _json(rows: Sequence[Row]) -> str:
    return json.dumps([brief(row) for row in rows], indent=2, ensure_ascii=False)


def _text(rows: Sequence[Row]) -> str:
    if not rows:
        return NOBODY
    cells = [HEAD, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join([*(line.rstrip() for line in lines), "", NOTES])


def _cells(row: Row) -> tuple[str, ...]:
    model = row.model
    rates = row.price.rates() if row.price else None
    return (
        model.name,
        model.provider,
        f"{model.quality:g}",
        _price(rates.input) if rates else UNKNOWN,
        _price(rates.output) if rates else UNKNOWN,
        f"{model.context_tokens // 1000:,}k",
        model.speed.replace("_", " "),
        row.obstacle or "yes",
        ", ".join(one.replace("_", " ") for one in model.strengths),
    )


def _price(rate: Rate) -> str:
    return f"{rate.base.normalize():f}{'+' if rate.steps else ''}"
