"""The grammar of `quorum docs`, apart from what it imports when it runs."""

from __future__ import annotations

import argparse


def docs_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum docs`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files and folders of one repository")
    parser.add_argument(
        "--format",
        choices=("markdown", "logseq"),
        help="how pages are written (default: what the repository's rules say)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="where pages are kept (default: the folder that the repository's rules name)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing and ask no model: show what would be done"
    )
