"""The grammar of the command line, and the values that it is parsed into."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the registry. `run` imports what it needs: other commands don't pay for it."""

    summary: str
    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] | None = None


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What `quorum review` was asked. `head` None means the working tree, `output` None the standard output."""

    path: str
    base: str
    head: str | None
    format: str
    output: str | None
    fail_on: str | None
    dry_run: bool = False


def parse(commands: Mapping[str, Command], argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse `argv`; ends the process with usage and code 2 when it can't be parsed."""
    parser = argparse.ArgumentParser(prog="quorum", description="Reviews pull requests, and local changes.")
    rows = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in commands.items():
        row = rows.add_parser(name, help=command.summary, description=command.summary)
        if command.arguments:
            command.arguments(row)
    return parser.parse_args(argv)


def outcomes_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum outcomes`."""
    parser.add_argument("--json", action="store_true", help="each as a line of JSON, the latest first")


def review_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `quorum review`."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository (default: here)")
    parser.add_argument("--base", required=True, metavar="REF", help="what the change is compared with")
    parser.add_argument("--head", metavar="REF", help="the change (default: the files as they are)")
    formats = ("text", "json", "sarif")
    parser.add_argument(
        "--format", default="text", choices=formats, help="how findings are written (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of the standard output")
    severities = ("critical", "high", "medium", "low")
    parser.add_argument("--fail-on", choices=severities, help="exit with 1 for a finding as severe, or more")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="ask no model: show which would be asked, and what it would cost",
    )


def review_options(parsed: argparse.Namespace) -> ReviewOptions:
    """The parsed arguments of `quorum review` as a value."""
    return ReviewOptions(
        parsed.path,
        parsed.base,
        parsed.head,
        parsed.format,
        parsed.output,
        parsed.fail_on,
        parsed.dry_run,
    )
