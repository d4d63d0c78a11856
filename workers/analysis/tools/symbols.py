"""Definitions of a file, by ast-grep's grammars. Runs inside the jail."""

from __future__ import annotations

from workers.analysis.symbols import KINDS, definitions
from workers.analysis.tools.protocol import Answer, Given

SYMBOLS_MAX = 2_000


def check(file: Given) -> Answer:
    """The first SYMBOLS_MAX definitions of the file, by line."""
    from ast_grep_py import SgRoot

    if file.language not in KINDS:
        return Answer()
    found = sorted(
        definitions(SgRoot(file.text, file.language).root(), file.language), key=lambda one: one.start
    )
    return Answer(symbols=tuple(found[:SYMBOLS_MAX]))
