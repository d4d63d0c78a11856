"""What documents hold: blocks of code, tables, shell commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CELL = re.compile(r"(?<!\\)\|")


def blocks(language: str) -> list[tuple[str, str]]:
    """The document's name and the text of each block in `language`."""
    return [
        (path.name, text)
        for path in DOCUMENTS
        for found, text in BLOCK.findall(path.read_text(encoding="utf-8"))
        if found == language
    ]


def commands() -> list[tuple[str, list[str]]]:
    """The document's name and the words of each shell line, without where its output goes."""
    lines = [(name, line) for name, text in blocks("sh") for line in text.splitlines()]
    split = [(name, shlex.split(line, comments=True)) for name, line in lines]
    return [(name, words[: words.index(">")] if ">" in words else words) for name, words in split if words]


def exports(text: str) -> Mapping[str, str]:
    """What a shell block exports."""
    lines = (shlex.split(line, comments=True) for line in text.splitlines())
    return dict(word.split("=", 1) for words in lines if words[:1] == ["export"] for word in words[1:])


def table(document: str, mark: str) -> Iterator[tuple[str, ...]]:
    """The rows of the table that follows the comment `<!-- mark: … -->`, without its head."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    _, _, rest = text.partition(f"<!-- {mark}: ")
    for row in rest.splitlines()[3:]:
        if not row.startswith("|"):
            return
        yield tuple(cell.strip().replace("\\|", "|") for cell in CELL.split(row.strip())[1:-1])
