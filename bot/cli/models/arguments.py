"""The grammar of `quorum models`; what an action needs is imported when it runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

Add = Callable[[argparse.ArgumentParser], None]


def models_arguments(parser: argparse.ArgumentParser) -> None:
    """Its actions, one parser each."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, (_, summary, add) in ACTIONS.items():
        add(actions.add_parser(name, help=summary, description=summary))


def run_models(parsed: argparse.Namespace) -> int:
    """Run the parsed action; its exit code."""
    module, _, _ = ACTIONS[parsed.action]
    code: int = import_module(f"bot.cli.models.{module}").run(parsed)
    return code


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="also those that can't be asked, and why not")
    _json(parser)


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the model, as `list` names it")
    _json(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="models to ask (default: all that may be)")
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


ACTIONS: dict[str, tuple[str, str, Add]] = {
    "list": ("listing", "List the models that may be asked, with prices and strengths", _list),
    "show": ("showing", "Show everything that is known of one model", _show),
    "health": ("health", "Show which models the workers ask no more, since when, and why", _json),
    "check": ("check", "Ask each model one tiny question; exit with 1 when one can't be used", _check),
}
"""Name → module, summary, arguments."""
