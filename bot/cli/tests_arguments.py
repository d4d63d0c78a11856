"""The grammar of `quorum tests`, apart from what it imports when it runs."""

from __future__ import annotations

import argparse


def tests_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum tests`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files and folders of one repository")
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing and ask no model: show what would be asked"
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")
