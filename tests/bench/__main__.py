"""`make bench NAME=x`: run one benchmark; its last line is one JSON object with every result."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import pkgutil
import sys
from dataclasses import asdict

import tests.bench

HARNESS = {"__main__", "result"}


def names() -> list[str]:
    """Every benchmark there is."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(tests.bench.__path__)
        if module.name not in HARNESS and not module.name.startswith(("_", "test_"))
    )


def main() -> int:
    """Exit code 0 also when a goal is missed: a figure is a statement, not a test."""
    parser = argparse.ArgumentParser(prog="make bench NAME=")
    parser.add_argument("name", choices=names())
    parser.add_argument("--data", help="another file of the same shape")
    arguments = parser.parse_args()
    module = importlib.import_module(f"tests.bench.{arguments.name}")
    if arguments.data and not hasattr(module, "DATA_SHAPE"):
        parser.error(f"{arguments.name} reads no file: it makes all that it measures")
    results = asyncio.run(module.run(arguments.data))
    for result in results:
        if result.holds is False:
            print(
                f"missed: {result.name} = {result.value} {result.unit}, goal {result.goal}", file=sys.stderr
            )
    print(json.dumps({"bench": arguments.name, "results": [asdict(result) for result in results]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
