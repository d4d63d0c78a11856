"""Text of a file → its Module. Nothing is run or imported; what can't be read is said, and nothing is raised.

The parser is a native library: for files of strangers this runs inside the jail (see tools/structure.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from workers.analysis.structure import go, java, kotlin, python, rust, script
from workers.analysis.structure.model import Gap, Module
from workers.analysis.structure.nodes import Reading, ReadLimits

if TYPE_CHECKING:
    from ast_grep_py import SgNode

ERROR = "ERROR"
BLOCK = "/**"
"""Begins documentation in most languages; without one nobody needs to look for it."""
Reader = Callable[["SgNode", Reading], Module]
READERS: Mapping[str, Reader] = {
    "python": python.read,
    "javascript": script.read,
    "typescript": script.read,
    "tsx": script.read,
    "java": java.read,
    "kotlin": kotlin.read,
    "go": go.read,
    "rust": rust.read,
}


def read(path: str, text: str, language: str, limits: ReadLimits | None = None) -> Module:
    """The structure of one file. `language` is ast-grep's name; one without a reader gives an incomplete Module."""
    limits = limits or ReadLimits()
    if why := _unreadable(text, language, limits):
        return Module(path, language, complete=False, gaps=(Gap(1, text.count("\n") + 1, why),))
    from ast_grep_py import SgRoot

    root = SgRoot(_readable(text), language).root()
    reading = Reading(limits, limits.members_max, BLOCK in text)
    module = READERS[language](root, reading)
    for node in _not_understood(root)[: limits.gaps_max]:
        reading.leave_out(node, "not understood")
    return _as(module, path, language, reading)


def _readable(text: str) -> str:
    """`text` without halves of surrogate pairs, at which the parser raises."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _not_understood(root: SgNode) -> list[SgNode]:
    """Errors, then what the parser had to think of to get on (the ")" of `def f(:`): nodes without a text. Both in one
    search, for going through the whole tree is a tenth of parsing it."""
    found = root.find_all({"rule": {"any": [{"kind": ERROR}, {"regex": "^$"}]}})
    if not found:
        return []
    errors = [one for one in found if one.kind() == ERROR]
    whole = root.kind()  # of an empty file the root has no text either; asking for parents takes long
    return errors + [one for one in found if one.kind() not in (ERROR, whole)]


def _unreadable(text: str, language: str, limits: ReadLimits) -> str:
    if language not in READERS:
        return "there is no reader for its language"
    if len(text) > limits.text_max_chars:
        return f"longer than {limits.text_max_chars:,} characters"
    return "it is not text" if "\0" in text else ""


def _as(module: Module, path: str, language: str, reading: Reading) -> Module:
    gaps = tuple(sorted(reading.gaps, key=lambda gap: gap.start))
    package, docs, members = module.package, module.docs, module.members
    return Module(path, language, package, docs, members, not gaps, gaps, module.is_open)
