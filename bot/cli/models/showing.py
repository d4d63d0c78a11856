"""`quorum models show NAME`: everything that is known of one model."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from bot.cli.models.rows import overview
from bot.cli.models.values import whole
from config.catalogue_access import keys_present
from config.catalogue_names import did_you_mean, find_model
from config.settings import Settings
from workers.domain.errors import UserError


def run(parsed: argparse.Namespace) -> int:
    """Print it. Raises UserError for a name that no model has."""
    found = overview(Settings.from_environ(os.environ), os.environ)
    model = find_model(found.catalogue, parsed.name)
    if model is None:
        said = f"no model is called `{parsed.name[:80]}`. {did_you_mean(found.catalogue, parsed.name)}"
        raise UserError(said.rstrip() + " `quorum models list --all` shows them all.")
    row = found.row(model)
    values = whole(row, key_set=row.access.spec.api_key_env in keys_present(found.catalogue, os.environ))
    print(json.dumps(values, indent=2, ensure_ascii=False) if parsed.json else "\n".join(_lines(values)))
    return 0


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    width = max(map(len, values))
    for key, value in values.items():
        yield f"{key.replace('_', ' '):<{width}}  {_said(value)}"


def _said(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {_said(one)}" for key, one in value.items())
    if isinstance(value, list):
        return "; ".join(map(_said, value)) or "-"
    return f"{value:,}" if isinstance(value, int) else str(value)
