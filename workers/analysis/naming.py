"""Plain file names for sources whose own names are chosen by strangers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workers.analysis.source import SourceFile

SUFFIX = re.compile(r"\.[a-z0-9]{1,10}\Z")
LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
SUFFIXES: Mapping[str, str] = {
    "python": ".py",
    "javascript": ".js",
    "typescript": ".ts",
    "tsx": ".tsx",
    "java": ".java",
    "go": ".go",
    "kotlin": ".kt",
    "rust": ".rs",
}


def safe_names(files: Sequence[SourceFile]) -> dict[str, SourceFile]:
    """Name → file. Names are counted, so that no path (absolute, "..", NUL, too long, twice) matters any more."""
    return {f"f{number:05d}{_suffix(file)}": file for number, file in enumerate(files)}


def _suffix(file: SourceFile) -> str:
    """What tools tell the language by: the language's own, else the path's if it is plain."""
    known = SUFFIXES.get(str(file.language or ""))
    if known:
        return ".pyi" if file.path.endswith(".pyi") else known
    found = SUFFIX.search(file.path.lower())
    return found.group() if found else ".txt"


def one_line_break(text: str) -> str:
    """`text` in which only "\\n" ends a line, as for git: some tools would count a lone "\\r" too."""
    return LONE_CARRIAGE_RETURN.sub(" ", text)
