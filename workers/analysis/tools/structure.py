"""What a file offers, by ast-grep's grammars. Runs inside the jail."""

from __future__ import annotations

from workers.analysis.structure.read import read
from workers.analysis.tools.protocol import Answer, Given


def check(file: Given) -> Answer:
    """The file's structure under its safe name; its gaps are in it."""
    return Answer(structure=read(file.name, file.text, file.language))
