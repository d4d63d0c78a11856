"""The grammar of `quorum ask`, apart from what it imports when it runs."""

from __future__ import annotations

import argparse


def ask_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum ask`."""
    parser.add_argument("question", metavar="QUESTION", help="what you want to know, in quotes")
    parser.add_argument("--path", default=".", metavar="PATH", help="the repository (default: here)")
    parser.add_argument(
        "--base", default="HEAD", metavar="REF", help="what the change is compared with (default: HEAD)"
    )
    parser.add_argument("--head", metavar="REF", help="the change (default: the files as they are)")
