"""Which findings of a round were said before: one by one, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.cwe import weakness
from workers.analysis.quoting import squeezed
from workers.domain.adjudication import Earlier
from workers.domain.finding import Finding, Severity
from workers.experts.similarity import common_share, words
from workers.experts.tracking import Track, Way

NEAR_MAX_LINES = 3
SHARE_MIN_HERE = 0.2
SHARE_MIN_NEAR = 0.34
REPOSITORY = frozenset({"symbols/no-tests"})
"""Rules that speak of the whole repository, at whatever file comes first."""
SURE = 4
"""From this on any number of findings may be one that was said: the same class of defect at the same place."""


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier finding and where its code is now."""

    earlier: Earlier
    track: Track


def matches(
    found: Sequence[Finding], known: Sequence[Known], is_fresh: Callable[[Finding], bool]
) -> Mapping[int, int]:
    """Index of a finding → index of what it says again.

    On code that nobody has seen, two findings are one earlier one only if that is sure.
    """
    seen = [not is_fresh(finding) for finding in found]
    paths: dict[str, list[int]] = {}
    for at, one in enumerate(known):
        paths.setdefault(one.track.path, []).append(at)
    pairs = [
        (-score, distance(finding, known[then]), now, then)
        for now, finding in enumerate(found)
        for then in (range(len(known)) if finding.rule in REPOSITORY else paths.get(finding.path, ()))
        if (score := likeness(finding, known[then], seen=seen[now]))
    ]
    said: dict[int, int] = {}
    for score, _, now, then in sorted(pairs):
        if now not in said and (seen[now] or -score >= SURE or then not in said.values()):
            said[now] = then
    return said


def likeness(found: Finding, known: Known, *, seen: bool = False) -> int:
    """How surely `found` says `known` again: 0 for not at all, the more the surer. `seen`: its code is not new."""
    told, track = known.earlier.finding, known.track
    if found.rule == told.rule and found.rule in REPOSITORY:
        return SURE
    if found.line is None or track.line is None:
        return _unplaced(found, told, track)
    apart = distance(found, known)
    if apart == 0:
        return _here(found, told, track)
    if apart > NEAR_MAX_LINES:
        return 0
    if not _by_model(found) or not _by_model(told):
        return int(seen and found.rule == told.rule)  # a line that was broken in two
    share = common_share(found, told)
    return (
        2
        if _one_class(found, told) and share >= SHARE_MIN_HERE
        else int(_kin(found, told) and share >= SHARE_MIN_NEAR)
    )


def distance(found: Finding, known: Known) -> int:
    """Lines between the two, 0 if they overlap or one has no line."""
    track = known.track
    if found.line is None or track.line is None:
        return 0
    first, start = found.start_line or found.line, track.start or track.line
    return max(0, max(first, start) - min(found.line, track.line))


def _here(found: Finding, told: Finding, track: Track) -> int:
    """On the same lines. A model that comes back to code that nobody touched says the same thing in other words."""
    if _one_class(found, told):
        return SURE
    if not _kin(found, told):
        return 0
    if common_share(found, told) >= SHARE_MIN_HERE:
        return 3
    return 1 if track.way is Way.KEPT and _by_model(found) and found.aspect is told.aspect else 0


def _unplaced(found: Finding, told: Finding, track: Track) -> int:
    """One of them speaks of the whole file, or its code is gone."""
    quoted = bool(found.evidence) and squeezed(found.evidence) == squeezed(told.evidence)
    if track.way is Way.GONE:
        return SURE if quoted and _one_class(found, told) else 0
    if _one_class(found, told) and (quoted or found.line is track.line is None or _gathered(found, told)):
        return SURE if quoted else 3
    return 2 if quoted and _kin(found, told) and common_share(found, told) >= SHARE_MIN_HERE else 0


def _gathered(found: Finding, told: Finding) -> bool:
    """Minor remarks of a tool are gathered to one a file."""
    return all(one.severity is Severity.LOW and not _by_model(one) for one in (found, told))


def _one_class(found: Finding, told: Finding) -> bool:
    kind = weakness(found)
    return found.rule == told.rule or (bool(kind) and kind == weakness(told))


def _kin(found: Finding, told: Finding) -> bool:
    return found.aspect is told.aspect or bool(words(found.rule) & words(told.rule))


def _by_model(finding: Finding) -> bool:
    return any(source.kind == "model" for source in finding.sources)
