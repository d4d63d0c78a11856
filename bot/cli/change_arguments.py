"""The grammar of commands that tell something about a change: `quorum describe` and `quorum improve`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """Which change, and how it is told. `head` None means the working tree, `output` None the standard output."""

    path: str
    base: str
    head: str | None
    format: str
    output: str | None


def change_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of both."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository (default: here)")
    parser.add_argument("--base", required=True, metavar="REF", help="what the change is compared with")
    parser.add_argument("--head", metavar="REF", help="the change (default: the files as they are)")
    parser.add_argument(
        "--format",
        default="markdown",
        choices=("markdown", "json"),
        help="how it is written (default: markdown)",
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of the standard output")


def change_options(parsed: argparse.Namespace) -> ChangeOptions:
    """The parsed arguments as a value."""
    return ChangeOptions(parsed.path, parsed.base, parsed.head, parsed.format, parsed.output)
