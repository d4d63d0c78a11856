"""Definitions of a file, by its structure. Runs inside the jail."""

from __future__ import annotations

from workers.analysis.structure.read import READERS, read
from workers.analysis.symbols import definitions
from workers.analysis.tools.protocol import Answer, Given

SYMBOLS_MAX = 2_000


def check(file: Given) -> Answer:
    """The first SYMBOLS_MAX definitions of the file, by line."""
    if file.language not in READERS:
        return Answer()
    module = read(file.name, file.text, file.language)
    found = sorted(definitions(module, file.text), key=lambda one: one.start)
    return Answer(symbols=tuple(found[:SYMBOLS_MAX]))
