"""The arguments of `quorum doctor`."""

from __future__ import annotations

import argparse


def doctor_arguments(parser: argparse.ArgumentParser) -> None:
    """How it is told, and whether others are asked."""
    parser.add_argument("--json", action="store_true", help="a list of JSON objects: check, grade, said")
    parser.add_argument("--no-network", action="store_true", help="ask neither GitHub nor a model")
