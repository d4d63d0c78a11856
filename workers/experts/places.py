"""Who is heard when there is no room for all: no flood of a model's words pushes an analyser out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from workers.domain.finding import Finding


def heard(findings: Sequence[Finding], places_max: int) -> list[Finding]:
    """`places_max` of `findings`, which are ranked, in their order: the best, but half is kept for what is proven.

    A model can be talked into any number of critical findings. What an analyser found and would stop a merge has up
    to half of the places, rounded up, before them.
    """
    proven = (at for at, finding in enumerate(findings) if _proven(finding))
    kept = set(islice(proven, (places_max + 1) // 2))
    others = (at for at in range(len(findings)) if at not in kept)
    kept |= set(islice(others, places_max - len(kept)))
    return [findings[at] for at in sorted(kept)]


def _proven(finding: Finding) -> bool:
    return finding.severity.blocks and any(source.kind == "tool" for source in finding.sources)
