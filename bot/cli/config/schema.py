"""`quorum config schema`: the JSON Schema, for editors."""

from __future__ import annotations

import argparse
import sys

from config.schema import schema_text


def run(_: argparse.Namespace) -> int:
    """Print it."""
    sys.stdout.write(schema_text())
    return 0
