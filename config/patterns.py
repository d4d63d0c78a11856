"""Patterns that strangers write: globs and regular expressions, matched in linear time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pydantic_core import SchemaError, SchemaValidator, core_schema

Predicate = Callable[[str], bool]

_GLOB_TOKEN = re.compile(r"(?P<folders>\*\*/)|(?P<any>\*\*)|(?P<part>\*)|(?P<one>\?)|(?P<text>[^*?]+)", re.S)
_GLOB_REGEX = {"folders": "(?:.*/)?", "any": ".*", "part": "[^/]*", "one": "[^/]"}


def compile_regex(pattern: str) -> Predicate:
    """A search for `pattern` anywhere in a text. Raises ValueError when it is no valid expression.

    The engine is Rust's `regex` crate, as pydantic ships it: no look-around, no back-references, and therefore no
    expression that a crafted text can make slow.
    """
    try:
        validator = SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError as error:
        raise ValueError(_last_line(str(error))) from None
    return validator.isinstance_python


def compile_globs(globs: Iterable[str]) -> Predicate:
    """Whether a path or branch matches any of `globs`.

    `*` and `?` stay within one part, `**` crosses parts, a trailing `/` means everything below. A glob without a
    `/` matches the last part of a path, in any folder (as in .gitignore).
    """
    alternatives = [_glob_regex(glob) for glob in globs]
    if not alternatives:
        return _nothing
    return compile_regex("(?s)^(?:" + "|".join(alternatives) + ")$")


def _glob_regex(glob: str) -> str:
    anchored = "/" in glob.rstrip("/")
    text = glob.removeprefix("/") + ("**" if glob.endswith("/") else "")
    body = "".join(
        _escape(token.group()) if token.lastgroup == "text" else _GLOB_REGEX[token.lastgroup or ""]
        for token in _GLOB_TOKEN.finditer(text)
    )
    return body if anchored else "(?:.*/)?" + body


def _escape(text: str) -> str:
    """`text` as a literal of the Rust dialect, which knows no escapes for letters, digits or non-ASCII characters."""
    return re.sub(r"([\\.+*?()|\[\]{}^$#&\-~])", r"\\\1", text)


def _nothing(_: str) -> bool:
    return False


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if line.startswith("error:")), lines[-1])
    return last.removeprefix("error: ").rstrip(".")
