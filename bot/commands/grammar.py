"""`/quorum <command> [arguments]`: what a comment commands, if it commands anything.

The first line that is not blank is the command or there is none. So nothing in a quote, a block of code or an HTML
comment ever is one: each of them begins with a line of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands.arguments import NO_OPTIONS, ArgumentsError, check, is_option, nearest
from bot.commands.echo import quoted, visible
from config.commands import COMMANDS, PREFIX

LINE_MAX_CHARS = 4_000

_INDENTS = ("", " ", "  ", "   ")  # four blanks, or a tab, make it a block of code
_LINE_END = re.compile(r"[\r\n]")
_HIDDEN = re.compile(r"<!--.*?(?:-->|$)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command as it was written. `name` is one of `config.commands.COMMANDS`, or empty when there is none such.

    With a `problem`, which is for the writer, there are no arguments. `bare`: without the prefix, as in "/review".
    """

    name: str
    arguments: str = ""
    problem: str = ""
    bare: bool = False


_TOO_LONG = Spoken("", problem=f"A command's line has at most {LINE_MAX_CHARS:,} characters.")


def parse(body: str) -> Spoken | None:
    """What a comment commands; None when it commands nothing. Any text will do."""
    line = _first_line(body)
    if not line.startswith("/"):
        return None
    first, rest = _split(_HIDDEN.sub(" ", line))
    if first.lower() == PREFIX:
        return _prefixed(visible(rest)) if len(line) <= LINE_MAX_CHARS else _TOO_LONG
    name = first[1:].lower()
    fits = name in COMMANDS and len(line) <= LINE_MAX_CHARS
    return _command(name, visible(rest), bare=True) if fits else None


def _first_line(body: str) -> str:
    """The first line that is not blank, or so much of it that it is too long; empty when indented as code is."""
    start = len(body) - len(body.lstrip())
    indent = body[max(body.rfind("\n", 0, start), body.rfind("\r", 0, start)) + 1 : start]
    line = _LINE_END.split(body[start : start + LINE_MAX_CHARS + 1], maxsplit=1)[0]
    return line if indent in _INDENTS else ""


def _split(text: str) -> tuple[str, str]:
    """The first word, and the rest."""
    first, rest = (*text.split(maxsplit=1), "", "")[:2]
    return first, rest


def _prefixed(text: str) -> Spoken:
    first, rest = _split(text)
    if not first:
        return Spoken("help")
    if first.lower() in COMMANDS:
        return _command(first.lower(), rest, bare=False)
    more = f" {NO_OPTIONS}" if is_option(first) else nearest(first, tuple(COMMANDS))
    return Spoken("", problem=f"There is no command {quoted(first)}.{more} `{PREFIX} help` lists them.")


def _command(name: str, arguments: str, *, bare: bool) -> Spoken:
    try:
        return Spoken(name, check(COMMANDS[name], arguments), bare=bare)
    except ArgumentsError as error:
        return Spoken(name, problem=str(error), bare=bare)
