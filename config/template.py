"""The commented default file, `config/data/example.yml`; `python -m config.template` prints it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

from config.keys import Key, every_key, keys
from config.yaml_text import flow

COMMENT_MAX_CHARS = 108
INDENT = "  "

_HEAD = """\
# .github/quorum.yml: every key may be left out; what stands here is the default, and `null` means unset.
# It is read at the base commit of a pull request: a change to it applies once it is merged.
# Keep only what you change: what is left out follows the organisation's file and later versions.
# A key "not there yet" is accepted and checked, and does nothing so far.
"""


def template_text() -> str:
    """The file as it is committed: each key with what it does, what it may hold and its default."""
    return _HEAD + "".join(_block(key) for key in every_key())


def starter_text() -> str:
    """The file for a repository to begin with: every key is there to be uncommented, and none is set.

    A value that is written out would hide the organisation's.
    """
    return "\n".join(map(_commented, template_text().splitlines())) + "\n"


def _commented(line: str) -> str:
    said = line.lstrip()
    is_value = said and not said.startswith("#") and not said.endswith(":")
    return f"{line[: -len(said)]}#{said}" if is_value else line


def _block(key: Key) -> str:
    depth = len(key.path) - 1
    lines = [*_comments(key), f"{key.name}:" if key.section else f"{key.name}: {flow(key.default)}"]
    gap = "\n" if not depth or key.section or key.entry else ""
    return gap + textwrap.indent("\n".join([*lines, *_entries(key)]) + "\n", INDENT * depth)


def _comments(key: Key) -> Iterator[str]:
    text = " ".join(filter(None, (key.description, _sentence(key), key.not_yet)))
    width = COMMENT_MAX_CHARS - len(INDENT) * (len(key.path) - 1)
    for line in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def _sentence(key: Key) -> str:
    """The values, unless the default shows them or they are keys that are listed below."""
    if key.section or key.entry or isinstance(key.default, bool):
        return ""
    return key.values[0].upper() + key.values[1:] + "."


def _entries(key: Key) -> Iterator[str]:
    """What an entry may hold, as comments below an empty default."""
    if not key.entry:
        return
    for index, inner in enumerate(keys(key.entry)):
        dash = "- " if not index and key.default is not None else "  "
        needed = "needed" if inner.required else f"default {flow(inner.default)}"
        text = f"{dash}{inner.name}: {inner.description} ({inner.values}; {needed})"
        indent = "#   " + INDENT + INDENT
        width = COMMENT_MAX_CHARS + 2 - len(INDENT) * (len(key.path) - 1)
        yield from textwrap.wrap(text, width, initial_indent="#   ", subsequent_indent=indent)


if __name__ == "__main__":
    sys.stdout.write(template_text())
