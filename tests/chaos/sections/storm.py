"""Everything goes wrong while people open pull requests: on each database, together, or one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.asked import Asked
from tests.chaos.parts import Part

MINUTES, PULLS = 2.5, 500
SHORT_MINUTES, SHORT_PULLS = 0.8, 60
AROUND_S = 720.0
"""To start everything, to wait until it is calm (eight minutes at most), to judge."""


def parts(asked: Asked) -> Iterator[Part]:
    """A storm for each database; the short form brings every kind of blow once, over fewer pull requests."""
    minutes = asked.minutes or (SHORT_MINUTES if asked.short else MINUTES)
    pulls = asked.pulls or (SHORT_PULLS if asked.short else PULLS)
    given = ["--seed", f"{asked.seed}", "--minutes", f"{minutes}", "--pulls", f"{pulls}"]
    short = ["--short"] if asked.short else []
    for database in asked.databases:
        words = ["-m", "tests.chaos.storm", "--database", database, *given, *short]
        yield Part(f"storm, {database}", words, minutes * 60 + AROUND_S)
