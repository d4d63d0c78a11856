"""The grammar of `quorum scan`, apart from what it imports when it runs."""

from __future__ import annotations

import argparse

FILES_MAX = 50_000


def scan_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum scan`."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="folder or file (default: here)")
    formats = ("text", "json", "sarif")
    parser.add_argument(
        "--format", default="text", choices=formats, help="how findings are written (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of the standard output")
    severities = ("critical", "high", "medium", "low")
    parser.add_argument("--fail-on", choices=severities, help="exit with 1 for a finding as severe, or more")
    parser.add_argument(
        "--files-max",
        type=_count,
        default=FILES_MAX,
        metavar="N",
        help=f"read no more files; the others are listed as left out (default: {FILES_MAX})",
    )


def _count(said: str) -> int:
    number = int(said)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
