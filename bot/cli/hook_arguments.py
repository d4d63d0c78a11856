"""The grammar of `quorum hook`, apart from what it imports when it runs."""

from __future__ import annotations

import argparse


def hook_arguments(parser: argparse.ArgumentParser) -> None:
    """`install` writes or takes away the hook; `run` is what the hook calls."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    words = "Write a pre-commit hook that looks at what is staged"
    install = actions.add_parser("install", help=words, description=words)
    _work(install)
    install.add_argument("--uninstall", action="store_true", help="take the hook away again")
    words = "Look at what is staged, as the hook does"
    _work(actions.add_parser("run", help=words, description=words))


def _work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--docs", action="store_true", help="bring the pages of staged modules up to date, and stage them"
    )
    parser.add_argument("--review", action="store_true", help="ask models too (default: the analysers alone)")
