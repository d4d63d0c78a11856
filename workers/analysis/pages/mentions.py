"""Symbols that prose names, and whether there are such: a model that makes one up is found out."""

from __future__ import annotations

import builtins
import re
from collections.abc import Set

from workers.analysis.pages.slugs import PLAIN
from workers.analysis.structure.model import Module, named
from workers.analysis.structure.signature import signature

WORD = re.compile(r"[^\W\d]\w*+|\$\w++")
SPAN = re.compile(r"(?<!`)`(?P<code>[^`\n]{1,200})`(?!`)")
CALL = re.compile(r"(?P<name>[\w.$]{1,200})(?P<call>\(.*\))?")
KNOWN = frozenset(dir(builtins)) | frozenset(
    {"self", "this", "cls", "null", "undefined", "nil", "true", "false"}
)
"""Words that mean the same in every module."""


def vocabulary(module: Module, text: str = "") -> frozenset[str]:
    """The words of a module: of its text where that is at hand, else of all that its structure says."""
    said = [text, module.docs, module.path, module.package]
    for one in named(module):
        said += [one.name, signature(one.member), one.member.docs]
    return frozenset(word for part in said for word in WORD.findall(part))


def unknown(prose: str, module: Module, words: Set[str]) -> tuple[str, ...]:
    """The code spans of `prose` that name a symbol which is nowhere in the module, in order, each once."""
    names = frozenset(one.name for one in named(module))
    spans = (found["code"].strip() for found in SPAN.finditer(prose))
    return tuple(dict.fromkeys(code for code in spans if not _exists(code, names, words)))


def _exists(code: str, names: Set[str], words: Set[str]) -> bool:
    found = CALL.fullmatch(code)
    if found is None or not PLAIN.fullmatch(found["name"]):
        return True  # an expression, a path, a value: no symbol
    parts = found["name"].split(".")
    if len(parts) > 1 and parts[0] in names:
        return found["name"] in names or _looked_up(parts, names, words)
    if not found["call"] and not _looks_like_a_symbol(found["name"]):
        return True
    return all(part in words or part in KNOWN for part in parts)


def _looked_up(parts: list[str], names: Set[str], words: Set[str]) -> bool:
    """`Type.member` of a known type: only its own members will do, unless it has none that are known."""
    owned = any(name.startswith(f"{parts[0]}.") for name in names)
    return not owned and all(part in words or part in KNOWN for part in parts)


def _looks_like_a_symbol(name: str) -> bool:
    """camelCase, snake_case or dotted; a plain word may be anything."""
    return "_" in name.strip("_") or (any(sign.isupper() for sign in name[1:]) and not name.isupper())
