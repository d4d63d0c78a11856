"""Values → YAML that reads back as the same values, on one line, or as a block where a text has several."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping

import yaml

_PLAIN = re.compile(r"[A-Za-z][\w./-]*", re.ASCII)
_UNSAFE = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def flow(value: object) -> str:
    """`value` on one line; texts are quoted where a bare word would be read as something else."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def pair(key: str, value: object) -> str:
    """`key: value`, several lines where that reads better; not indented."""
    if isinstance(value, str) and _is_block(value):
        return f"{key}: |-\n{textwrap.indent(value, '  ')}"
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        return f"{key}:\n" + "\n".join(map(_item, value))
    return f"{key}: {flow(value)}"


def _item(value: object) -> str:
    if not isinstance(value, Mapping):
        return f"  - {flow(value)}"
    body = "\n".join(pair(str(key), item) for key, item in value.items())
    return "  - " + textwrap.indent(body, "    ").lstrip(" ")


def _is_block(text: str) -> bool:
    """Whether each line survives as it is: nothing to escape, no space that YAML would lose."""
    lines = text.split("\n")
    return len(lines) > 1 and all(
        line == line.strip() and line and not _UNSAFE.search(line) for line in lines
    )


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text:
        return text
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))
