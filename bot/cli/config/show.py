"""`quorum config show`: the values in force, and where each comes from."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from bot.cli.config.files import read_bytes
from bot.cli.config.noticing import notices
from bot.cli.local_config import effective_config
from config.layers import Effective, Source, as_rows
from config.loader import load_layer
from config.operator import unknown_variables


def run(parsed: argparse.Namespace) -> int:
    """Print a row for each key. Raises ConfigError for a file that can't be used."""
    below = []
    if parsed.organisation:
        below.append(load_layer(read_bytes(parsed.organisation), Source.FILE, parsed.organisation))
    found = effective_config(Path(parsed.path), os.environ, below)
    rows = [row for row in as_rows(found) if not parsed.changed or row[2] != "default"]
    said = (*unknown_variables(os.environ), *notices(found, os.environ))
    print(_json(found, rows, said) if parsed.format == "json" else _text(rows))
    for notice in said:
        print(f"note: {notice}", file=sys.stderr)
    return 0


def _text(rows: list[tuple[str, str, str]]) -> str:
    if not rows:
        return "Every value is its default."
    width = max(len(key) for key, _, _ in rows)
    return "\n".join(f"{key:<{width}}  {value}  # {origin}" for key, value, origin in rows)


def _json(found: Effective, rows: list[tuple[str, str, str]], said: tuple[str, ...]) -> str:
    values = found.config.model_dump(mode="json")
    keys = [{"key": key, "value": _at(values, key), "origin": origin} for key, _, origin in rows]
    return json.dumps({"values": keys, "notices": list(said)}, indent=2, ensure_ascii=False)


def _at(values: object, dotted: str) -> object:
    for part in dotted.split("."):
        values = values[part] if isinstance(values, dict) else None
    return values
