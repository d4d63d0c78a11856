"""Three hosts, one of which is cut off and comes back: from everything, or from database and Valkey alone."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.asked import Asked
from tests.chaos.hosts import CUTS
from tests.chaos.parts import Part

CUT_S, PULLS = 60.0, 40
AROUND_S = 720.0
"""To start, to wait until it is calm, twice, and to judge."""


def parts(asked: Asked) -> Iterator[Part]:
    """One for each way of cutting."""
    cut_s = asked.cut_s or CUT_S
    given = ["--seed", f"{asked.seed}", "--pulls", f"{asked.pulls or PULLS}", "--seconds", f"{cut_s}"]
    for cut in CUTS:
        words = ["-m", "tests.chaos.hosts", "--cut", cut, *given]
        yield Part(f"hosts, cut off from {cut}", words, 2 * cut_s + AROUND_S)
