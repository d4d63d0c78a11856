"""The arguments of `quorum estimate`, `recommend`, `spend` and `report`."""

from __future__ import annotations

import argparse

TIERS = ("budget", "balanced", "premium")


def estimate_arguments(parser: argparse.ArgumentParser) -> None:
    """A tier, and how often what runs."""
    parser.add_argument("--tier", default="balanced", choices=TIERS, help="how much quality is worth")
    parser.add_argument(
        "--usage",
        nargs="+",
        default=["review=1"],
        metavar="WORKFLOW=N",
        help="how often what runs (default: review=1)",
    )
    _json(parser)


def recommend_arguments(parser: argparse.ArgumentParser) -> None:
    """A task, and perhaps one tier."""
    parser.add_argument("task", metavar="TASK", help="e.g. review, or review/security")
    parser.add_argument("--tier", choices=TIERS, help="this tier only (default: all)")
    _json(parser)


def spend_arguments(parser: argparse.ArgumentParser) -> None:
    """A month."""
    parser.add_argument("--month", metavar="YYYY-MM", help="which month, UTC (default: the present one)")
    _json(parser)


def report_arguments(parser: argparse.ArgumentParser) -> None:
    """Since when."""
    parser.add_argument(
        "--since", metavar="DAY", help="a day, e.g. 2026-11-01, or days back, e.g. 90d (default: 30d)"
    )
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, in the shapes of the REST interface")
