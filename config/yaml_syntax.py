"""What a YAML parser complains of, said to somebody who does not know how parsers work."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from config.errors import Problem

NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REST_MAX_CHARS = 120


@dataclass(frozen=True, slots=True)
class _Saying:
    """What is said where the parser's words match; `opened` adds where the thing began."""

    words: re.Pattern[str]
    message: str
    fix: str = ""
    opened: bool = False


def _row(words: str, message: str, fix: str = "", *, opened: bool = False) -> _Saying:
    return _Saying(re.compile(words), message, fix, opened)


_SAYINGS: tuple[_Saying, ...] = (
    _row(r"\\t", "a tab.", "Indent with spaces."),
    _row("quoted scalar.*(end of stream|document separator)", "a quote is never closed", "Close it.", opened=True),
    _row("quoted scalar.*escape|quoted scalar.*hexdecimal", "an unknown escape in double quotes.",
         "Use single quotes, or write the backslash twice."),
    _row("flow sequence", "a `[` is not closed, or a comma is missing", "Close it with `]`.", opened=True),
    _row("flow mapping", "a `{` is not closed, or a comma is missing", "Close it with `}`.", opened=True),
    _row("flow node", "a value is missing after `[`, `{` or a comma."),
    _row("mapping values are not allowed", "a `:` where no key can stand.",
         "Quote a text that holds `: `, and indent the keys of one section alike."),
    _row("cannot start any token", "a value can't begin with this character.", "Quote the text."),
    _row("simple key|expected ':'", "a `:` is missing after a key.", "Write `key: value`."),
    _row("block collection|block sequence", "a line that fits neither the list nor its indentation", opened=True,
         fix="Indent the items of one list alike, each with `- `."),
    _row("block mapping", "a line that fits neither the keys nor their indentation", opened=True,
         fix="Indent the keys of one section alike."),
    _row("block sequence entries are not allowed", "a list can't begin here.", "Begin it on the next line."),
    _row("directive", "a line can't begin with `%`.", "Quote the text."),
    _row("block scalar", "a text block (`|` or `>`) that is not indented as its first line says."),
    _row("anchor|alias", "aliases (`*name`) and anchors (`&name`) are not supported.", "Quote a text that begins so."),
    _row("tag|%TAG", "tags (`!name`) are not supported.", "Quote a text that begins with `!`."),
    _row("document start", "text after the end of the values.", "Keep one document, of `key: value` lines."),
)  # fmt: skip


def syntax_problem(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """The complaint with its line and column, in plain words where we know some."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    said = f"{error.context or ''}: {error.problem or ''}"
    if mark and text[mark.index : mark.index + 1] == "\t":
        said += r" \t"
    found = next((one for one in _SAYINGS if one.words.search(said)), None)
    if found is None:
        return Problem(line, "", f"not valid YAML: {said.strip(': ')[:REST_MAX_CHARS]}.", column=column)
    return Problem(line, "", _message(found, error, line), found.fix, column)


def _message(found: _Saying, error: yaml.MarkedYAMLError, line: int) -> str:
    if not found.opened:
        return found.message
    begun = error.context_mark.line + 1 if error.context_mark else line
    return found.message + (f"; it began in line {begun}." if begun != line else ".")
