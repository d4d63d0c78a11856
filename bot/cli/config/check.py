"""`quorum config check`: every mistake of a file, with its line and its fix."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.cli.config.files import read_bytes
from bot.cli.config.noticing import notices
from bot.cli.local_config import PLACES, own_place, repository_root
from config.errors import ConfigError
from config.layers import Source, effective
from config.loader import load_layer
from config.operator import OperatorRules

EXIT_MISTAKES = 1


def run(parsed: argparse.Namespace) -> int:
    """Check each file; 1 when any has a mistake."""
    files = parsed.files or _own()
    if not files:
        print(f"No {PLACES[0]} here: the defaults are in force.")
        return 0
    operator = OperatorRules.from_environ(os.environ)
    sound = [_check(name, operator) for name in files]
    return 0 if all(sound) else EXIT_MISTAKES


def _own() -> list[str]:
    root = repository_root(Path("."))
    place = own_place(root)
    return [os.path.relpath(root / place)] if place else []


def _check(name: str, operator: OperatorRules) -> bool:
    try:
        layer = load_layer(read_bytes(name), Source.FILE, name)
    except ConfigError as error:
        for problem in error.problems:
            print(f"{name}: {problem}", file=sys.stderr)
        return False
    print(f"{name}: valid")
    for notice in notices(effective([layer], operator), os.environ):
        print(f"{name}: {notice}")
    return True
