"""The grammar of `quorum audit`, apart from what it imports when it runs."""

from __future__ import annotations

import argparse


def audit_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum audit`."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository (default: here)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, with the reasons of every point")
    form.add_argument("--markdown", action="store_true", help="as the comment that a pull request gets")
    parser.add_argument("--out", metavar="FILE", help="write there instead of the standard output")
    parser.add_argument(
        "--dry-run", action="store_true", help="ask no model: show which would be asked, and for how much"
    )
