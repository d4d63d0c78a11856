"""Statements that say one thing, joined by how alike they are."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

Likeness = Sequence[Sequence[float]]
"""How alike any two statements are, 0 to 1, symmetric."""


def clustered(likeness: Likeness, alike_min: float) -> tuple[tuple[int, ...], ...]:
    """Places of statements that say one thing together: the two nearest clusters joined while they are near enough.

    Nearness is the mean of all pairs, so that chains of near statements don't run together. Every place is in one.
    """
    members: dict[int, tuple[int, ...]] = {place: (place,) for place in range(len(likeness))}
    sums = [list(row) for row in likeness]
    near = [
        (-row[other], one, other)
        for one, row in enumerate(likeness)
        for other in range(one + 1, len(row))
        if row[other] >= alike_min
    ]
    heapify(near)
    while near:
        _, one, other = heappop(near)
        if one not in members or other not in members:
            continue  # joined with another one meanwhile
        mine = _joined(one, other, members, sums)
        for rest, theirs in members.items():
            mean = sums[mine][rest] / (len(members[mine]) * len(theirs))
            if rest != mine and mean >= alike_min:
                heappush(near, (-mean, rest, mine))
    return tuple(sorted(members.values()))


def _joined(one: int, other: int, members: dict[int, tuple[int, ...]], sums: list[list[float]]) -> int:
    """The number of the new cluster; `sums` are of the likenesses of all pairs between two clusters."""
    new = len(sums)
    members[new] = tuple(sorted(members.pop(one) + members.pop(other)))
    sums.append([mine + theirs for mine, theirs in zip(sums[one], sums[other], strict=True)])
    for row, value in zip(sums, [*sums[new], 0.0], strict=True):
        row.append(value)
    return new
