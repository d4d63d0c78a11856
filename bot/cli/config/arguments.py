"""The grammar of `quorum config`; what an action needs is imported when it runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

Add = Callable[[argparse.ArgumentParser], None]


def config_arguments(parser: argparse.ArgumentParser) -> None:
    """Its actions, one parser each."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, (_, summary, add) in ACTIONS.items():
        add(actions.add_parser(name, help=summary, description=summary))


def run_config(parsed: argparse.Namespace) -> int:
    """Run the parsed action; its exit code."""
    module, _, _ = ACTIONS[parsed.action]
    code: int = import_module(f"bot.cli.config.{module}").run(parsed)
    return code


def _init(parser: argparse.ArgumentParser) -> None:
    _repository(parser)
    parser.add_argument("--force", action="store_true", help="replace a file that exists")


def _check(parser: argparse.ArgumentParser) -> None:
    help_text = "files to check, - for the standard input (default: the repository's own)"
    parser.add_argument("files", nargs="*", metavar="FILE", help=help_text)


def _show(parser: argparse.ArgumentParser) -> None:
    _repository(parser)
    parser.add_argument(
        "--organisation", metavar="FILE", help="the organisation's quorum.yml, to layer below"
    )
    parser.add_argument("--format", default="text", choices=("text", "json"), help="default: text")
    parser.add_argument("--changed", action="store_true", help="only what is no default")


def _schema(_: argparse.ArgumentParser) -> None:
    """It takes none."""


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=".coderabbit.yaml or .pr_agent.toml")
    parser.add_argument("--output", metavar="FILE", help="write the Quorum file there (default: print it)")
    parser.add_argument("--force", action="store_true", help="replace a file that exists")


def _repository(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository (default: here)")


ACTIONS: dict[str, tuple[str, str, Add]] = {
    "init": ("init", "Write a .github/quorum.yml in which every default stands as a comment", _init),
    "check": ("check", "Check configuration files; exit with 1 when one can't be used", _check),
    "show": ("show", "Show the values in force, each with its origin", _show),
    "schema": ("schema", "Print the JSON Schema of .github/quorum.yml, for editors", _schema),
    "import": (
        "importing",
        "Turn a .coderabbit.yaml or .pr_agent.toml into a Quorum file, and say what has no counterpart",
        _import,
    ),
}
"""Name → module, summary, arguments."""
