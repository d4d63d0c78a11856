"""Patterns of others → ours; nothing comes back for what ours can't say."""

from __future__ import annotations

import re

ALTERNATIVES_MAX = 50
GLOB_MAX_CHARS = 1_000

_BRACES = re.compile(r"\{([^{}]*)\}")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\[bot\])?", re.ASCII)
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


def glob(pattern: str) -> tuple[str, ...]:
    """A glob as most tools write it: braces are spelled out; classes (`[ab]`) and negations we don't have."""
    patterns = _spelled_out(pattern) if len(pattern) <= GLOB_MAX_CHARS else ()
    said = not any(re.search(r"[\[\]{}\\]|^!|^$", one) for one in patterns)
    return patterns if said else ()


def _spelled_out(pattern: str) -> tuple[str, ...]:
    """`a.{b,c}` → `a.b`, `a.c`; the innermost braces first, all patterns at once."""
    patterns: tuple[str, ...] = (pattern,)
    while found := _BRACES.search(patterns[0]):
        parts = found.group(1).split(",")
        if len(patterns) * len(parts) > ALTERNATIVES_MAX:
            return ()
        patterns = tuple(_filled(one, part) for one in patterns for part in parts)
    return patterns


def _filled(pattern: str, part: str) -> str:
    return _BRACES.sub(lambda _: part, pattern, count=1)


def fnmatch_glob(pattern: str) -> tuple[str, ...]:
    """A glob of Python's fnmatch, whose `*` crosses folders."""
    if "/" not in pattern:
        return glob(pattern)
    return glob(re.sub(r"\*\*/|\*+", lambda found: "**/" if found.group() == "**/" else "**", pattern))


def excluded_glob(pattern: str) -> tuple[str, ...]:
    """A glob that leaves files out, written with `!` before it."""
    return glob(pattern[1:].strip()) if pattern.startswith("!") else ()


def excluded_label(label: str) -> tuple[str, ...]:
    """A label that keeps reviews away, written with `!` before it."""
    return tuple(filter(None, [label[1:].strip()])) if label.startswith("!") else ()


def keyword(word: str) -> tuple[str, ...]:
    """A word to be found in a title, whatever its case, as a regular expression."""
    return ("(?i)" + _SPECIAL.sub(lambda found: "\\" + found.group(), word),)


def branch(pattern: str) -> tuple[str, ...]:
    """A regular expression for branches, as a glob: names, `^`, `$` and `.*` only."""
    body = pattern.removeprefix("^").removesuffix("$")
    name = body.replace(".*", "").replace("\\", "")
    if not name or _SPECIAL.search(body.replace(".*", "").replace("\\.", "").replace("\\-", "")):
        return ()
    start = "" if pattern.startswith("^") else "**"
    end = "" if pattern.endswith("$") else "**"
    ours = start + re.sub(r"\\(.)", r"\1", body.replace(".*", "**")) + end
    return ("/" + ours if "/" not in ours and not ours.startswith("**") else ours,)


def login(pattern: str) -> tuple[str, ...]:
    """A regular expression for logins that is just a login, perhaps with `^` and `$`."""
    name = pattern.removeprefix("^").removesuffix("$").replace("\\[", "[").replace("\\]", "]")
    return (name,) if _LOGIN.fullmatch(name) else ()


def file_name(pattern: str) -> tuple[str, ...]:
    """The name of one file; patterns are not."""
    return () if re.search(r"[*?\[\]{}!]", pattern) else (pattern,)
