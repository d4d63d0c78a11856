"""Two whole files of others, and what they become; `python -m tests.config.importing.snapshots` writes it anew."""

from __future__ import annotations

from pathlib import Path

from config.importing.result import Imported, table
from config.importing.sources import SOURCES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "importing"
FILES = {"coderabbit": "coderabbit.yaml", "pr-agent": "pr_agent.toml"}


def imported(source: str) -> Imported:
    return SOURCES[source]((FIXTURES / FILES[source]).read_text(encoding="utf-8"))


def snapshots(source: str) -> dict[Path, str]:
    result = imported(source)
    stem = FIXTURES / FILES[source]
    return {stem.with_suffix(".quorum.yml"): result.file_text, stem.with_suffix(".table.txt"): table(result)}


if __name__ == "__main__":
    for source in FILES:
        for path, text in snapshots(source).items():
            path.write_text(text, encoding="utf-8")
