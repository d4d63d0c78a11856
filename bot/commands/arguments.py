"""What may follow a command's name: its words are checked, and never change how the command is carried out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from bot.commands.echo import ECHO_MAX_CHARS, quoted
from config.commands import ARGUMENTS_MAX_CHARS, COMMANDS, PREFIX, CommandSpec, Takes

NAMES_MAX = 50
NAME_MAX_CHARS = 200

NO_OPTIONS = "Arguments cannot change the model, keys, URLs or limits."
_OPTION = re.compile(r"-|[\w.-]+=")


class ArgumentsError(Exception):
    """The words don't fit the command; the message is for whoever wrote them."""


def is_option(word: str) -> bool:
    """Whether a word looks like an option or a setting: `--model=x`, `-m`, `config.model=x`."""
    return _OPTION.match(word) is not None


def nearest(word: str, among: Sequence[str]) -> str:
    """A question that names what `word` may have meant; empty when nothing is near."""
    found = get_close_matches(word[:ECHO_MAX_CHARS].lower(), among, n=1)
    return f" Did you mean `{found[0]}`?" if found else ""


def check(spec: CommandSpec, arguments: str) -> str:
    """The arguments as they are handed on, choices in lower case; raises ArgumentsError."""
    if len(arguments) > ARGUMENTS_MAX_CHARS:
        raise ArgumentsError(f"{_said(spec)} takes at most {ARGUMENTS_MAX_CHARS:,} characters.")
    if spec.needed and not arguments:
        raise ArgumentsError(f"{_said(spec)} needs more words: write `{spec.usage}`.")
    return _CHECKS[spec.takes](spec, arguments)


def _said(spec: CommandSpec) -> str:
    return f"`{PREFIX} {spec.name}`"


def _wrong(spec: CommandSpec, takes: str, found: str, hint: str = "") -> ArgumentsError:
    more = f" {NO_OPTIONS}" if any(map(is_option, found.split())) else hint
    return ArgumentsError(f"{_said(spec)} takes {takes}, not {quoted(found)}.{more}")


def _nothing(spec: CommandSpec, arguments: str) -> str:
    if arguments:
        raise _wrong(spec, "nothing more", arguments)
    return ""


def _choice(spec: CommandSpec, arguments: str) -> str:
    choices = spec.choices or tuple(COMMANDS)  # `help` is about any of the commands
    chosen = arguments.lower()
    if chosen and chosen not in choices:
        named = " or ".join(f"`{choice}`" for choice in spec.choices) or "a command's name"
        raise _wrong(spec, f"{named} or nothing", arguments, nearest(arguments, choices))
    return chosen


def _text(_: CommandSpec, arguments: str) -> str:
    return arguments


def _names(spec: CommandSpec, arguments: str) -> str:
    words = arguments.split()
    if len(words) > NAMES_MAX:
        raise ArgumentsError(f"{_said(spec)} takes at most {NAMES_MAX} names, not {len(words)}.")
    for word in words:
        if is_option(word):
            raise _wrong(spec, "names or paths", word)
        if len(word) > NAME_MAX_CHARS:
            raise _wrong(spec, f"names of at most {NAME_MAX_CHARS} characters", word)
        if not _stays_inside(word):
            raise _wrong(spec, "names, or paths inside the repository", word)
    return arguments


def _stays_inside(path: str) -> bool:
    outside = path.startswith(("/", "~")) or "\\" in path or "://" in path
    return not outside and ".." not in path.split("/")


_CHECKS: Mapping[Takes, Callable[[CommandSpec, str], str]] = {
    Takes.NOTHING: _nothing,
    Takes.CHOICE: _choice,
    Takes.TEXT: _text,
    Takes.NAMES: _names,
}
