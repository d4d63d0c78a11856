"""A round beside the earlier ones: what is said again, what was fixed, and what of the new is worth saying."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workers.analysis.since import Since
from workers.domain.adjudication import Converged, Fate, Past, ReadFile
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.experts.freshness import is_fresh
from workers.experts.identity import FINGERPRINT_CHARS
from workers.experts.recognition import recognised
from workers.experts.ruling import Bench, ruled
from workers.experts.sameness import echoes


def converged(
    found: Sequence[Finding],
    past: Past,
    since: Since,
    files: Mapping[str, ChangedFile],
    read: Mapping[str, ReadFile],
) -> Converged:
    """Compare `found`, placed and named, with what was said before.

    `files` is the change as it is now, `read` what this round read of it. Findings of this round that were said
    before get the old fingerprint, and the old words; new ones get one that no other ever had.
    """
    seen = recognised(found, past, since, files)
    here, said = [one.finding for one in seen.seen], seen.said
    again = {then: here[now] for then, now in echoes(said, seen.seen, seen.known).items()}
    for now, then in said.items():
        again.setdefault(then, here[now])
    bench = Bench(since, files, read)
    rulings = tuple(ruled(one, again.get(at), bench) for at, one in enumerate(seen.known))
    fresh, withheld = _new([one for at, one in enumerate(here) if at not in said], since, past)
    standing = [one.finding for one in rulings if one.now in (Fate.OPEN, Fate.ACCEPTED)]
    dropped = [one.finding for at, one in enumerate(rulings) if one.now.settled and at in again]
    return Converged(
        (*standing, *fresh), frozenset(one.fingerprint for one in fresh), withheld, tuple(dropped), rulings
    )


def _new(
    found: Sequence[Finding], since: Since, past: Past
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What may be said, each under a fingerprint of its own, and what is withheld."""
    taken = {one.finding.fingerprint for one in past.earlier}
    fresh: list[Finding] = []
    for finding in found:
        if finding.severity.blocks or is_fresh(finding, since):
            named = replace(finding, fingerprint=_free(finding.fingerprint, taken))
            taken.add(named.fingerprint)
            fresh.append(named)
    spoken = {id(one) for one in found if one.severity.blocks or is_fresh(one, since)}
    return tuple(fresh), tuple(one for one in found if id(one) not in spoken)


def _free(fingerprint: str, taken: set[str]) -> str:
    """`fingerprint`, or one made from it if an earlier finding has it: of two alike, the first may be gone."""
    while fingerprint in taken:
        fingerprint = hashlib.sha256(fingerprint.encode()).hexdigest()[:FINGERPRINT_CHARS]
    return fingerprint
