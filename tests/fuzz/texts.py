"""Texts for a target: its pieces in any order, and its seeds with pieces put in their place."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.targets import Target

PIECES_MAX = 30


def texts(target: Target) -> st.SearchStrategy[str]:
    """Texts that come further into the target than letters at random."""
    mixed = st.lists(st.sampled_from(target.pieces) | st.text(max_size=4), max_size=PIECES_MAX).map("".join)
    if not target.seeds:
        return mixed
    return mixed | st.builds(
        _spliced, st.sampled_from(target.seeds), st.integers(0), st.integers(0, 40), mixed
    )


def _spliced(seed: str, at: int, length: int, piece: str) -> str:
    at %= len(seed) + 1
    return seed[:at] + piece + seed[at + length :]
