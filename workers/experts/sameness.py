"""Which findings of a round were said before: one by one, the surest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.cwe import weakness
from workers.analysis.quoting import PART_MIN_CHARS, squeezed
from workers.domain.adjudication import Earlier
from workers.domain.finding import Finding, Severity
from workers.experts.similarity import common_share, distance
from workers.experts.telling_words import words
from workers.experts.track import Track, Way

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


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding of this round: the lines that it speaks of, or that its quote stands on, and which of them are fresh.

    `core` are those that it is about. `is_fresh`: they are code that nobody has seen, and that no earlier finding of its
    aspect spoke of.
    """

    finding: Finding
    lines: frozenset[int]
    core: frozenset[int]
    fresh: frozenset[int]
    is_fresh: bool


def matches(seen: Sequence[Seen], known: Sequence[Known]) -> Mapping[int, int]:
    """Index of a finding → index of what it says again.

    On code that nobody has seen, two findings are one earlier one only if that is sure. Of earlier ones that are as
    near and as like, it is the one whose words it shares.
    """
    paths: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(known):
        paths[one.track.path].append(at)
    lost = [at for at, one in enumerate(known) if not one.track.stands]
    pairs = [
        (
            -score,
            _apart(one.lines, known[then].track.reach),
            -common_share(one.finding, known[then].earlier.finding),
            now,
            then,
        )
        for now, one in enumerate(seen)
        for then in (
            range(len(known)) if one.finding.rule in REPOSITORY else (*paths[one.finding.path], *lost)
        )
        if (score := likeness(one, known[then]))
    ]
    said: dict[int, int] = {}
    for score, *_, now, then in sorted(pairs):
        if now not in said and (not seen[now].is_fresh or -score >= SURE or _fits(now, then, said, seen)):
            said[now] = then
    return said


def _fits(now: int, then: int, said: Mapping[int, int], seen: Sequence[Seen]) -> bool:
    """Whether nothing else says it again, but what speaks of the same lines."""
    others = [seen[one] for one, told in said.items() if told == then]
    return all(other.core & seen[now].core for other in others)


def echoes(said: Mapping[int, int], seen: Sequence[Seen], known: Sequence[Known]) -> Mapping[int, int]:
    """Index of a changed earlier finding → index of what says it again, though that says another one of its place, too.

    Two that were told apart on one place, by a tool and a model, say, may come back as one; and one quote may hold what
    came in the place of two. In doubt it is not fixed.
    """
    found = {then: now for now, then in said.items()}
    return {
        at: now
        for at, one in enumerate(known)
        if at not in found and not one.track.stands
        for then, now in found.items()
        if (seen[now].fresh & one.track.lines or _on_one_place(one, known[then])) and likeness(seen[now], one)
    }


def _on_one_place(known: Known, other: Known) -> bool:
    one, two = known.earlier.finding, other.earlier.finding
    return one.path == two.path and None not in (one.line, two.line) and distance(one, two) == 0


def likeness(seen: Seen, known: Known) -> int:
    """How surely `seen` says `known` again: 0 for not at all, the more the surer."""
    found, told, track = seen.finding, known.earlier.finding, known.track
    if found.rule in REPOSITORY:
        return SURE if found.rule == told.rule else 0
    if seen.is_fresh and track.reach and not seen.core & track.reach:  # the same once more, in new code
        return int(found.path == track.path and _gathered(found, told))
    if found.path != track.path or not (seen.lines & track.lines or track.stands):
        return _in_part(found, told, track) or _beside(seen, known)
    return _beside(seen, known)


def _beside(seen: Seen, known: Known) -> int:
    found, told, track = seen.finding, known.earlier.finding, known.track
    if found.path != track.path:
        return 0
    if not (seen.lines and track.reach):
        return _unplaced(found, told, track)
    apart = _apart(seen.lines if track.stands else seen.core, track.reach)
    if apart == 0:
        return _here(seen, told, track)
    near = _near(seen, told) if apart <= NEAR_MAX_LINES else 0
    return near or int(_gathered(found, told))


def says_alike(found: Finding, told: Finding) -> bool:
    """Whether the two mean the same by their class or their words, wherever they stand."""
    return _one_class(found, told) or common_share(found, told) >= SHARE_MIN_HERE


def _apart(some: frozenset[int], others: frozenset[int]) -> int:
    """Lines between the two, 0 if they overlap or one has none."""
    if not some or not others or some & others:
        return 0
    return min(abs(one - other) for one in (min(some), max(some)) for other in (min(others), max(others)))


def _here(seen: Seen, told: Finding, track: Track) -> int:
    """On the same lines. A model that comes back to code that still stands says the same thing in other words."""
    found = seen.finding
    if _one_class(found, told):
        return SURE
    if not _kin(found, told) or not (_by_model(found) or _by_model(told)):
        return 0  # tools have names for what they mean
    if common_share(found, told) >= (SHARE_MIN_NEAR if seen.is_fresh else SHARE_MIN_HERE):
        return 3
    return int(track.stands and _by_model(found) and found.aspect is told.aspect and not seen.is_fresh)


def _near(seen: Seen, told: Finding) -> int:
    found = seen.finding
    if not _by_model(found) or not _by_model(told):
        return int(not seen.fresh and found.rule == told.rule)  # a line that was broken in two
    share = common_share(found, told)
    if _one_class(found, told) and share >= SHARE_MIN_HERE:
        return 2
    return int(_kin(found, told) and share >= SHARE_MIN_NEAR)


def _in_part(found: Finding, told: Finding, track: Track) -> int:
    """On a line that was quoted among others, which are not what they were: wherever it stands now."""
    if track.way is not Way.CHANGED or not _telling(found) & _telling(told):
        return 0
    if _one_class(found, told):
        return 3
    both = _by_model(found) and _by_model(told) and found.aspect is told.aspect
    return int(both and common_share(found, told) >= SHARE_MIN_HERE)


def _telling(finding: Finding) -> frozenset[str]:
    lines = (squeezed(line) for line in finding.evidence.split("\n"))
    return frozenset(line for line in lines if len(line) >= PART_MIN_CHARS)


def _unplaced(found: Finding, told: Finding, track: Track) -> int:
    """One of them speaks of the whole file, or its code is gone."""
    quoted = bool(found.evidence) and squeezed(found.evidence) == squeezed(told.evidence)
    bare = not (found.evidence or told.evidence or found.line or told.line)
    if track.way is Way.GONE:
        return SURE if (quoted or bare) and _one_class(found, told) else 0
    whole = found.line is None and track.line is None
    if _one_class(found, told) and (quoted or whole or _gathered(found, told)):
        return SURE if quoted else 3
    return 2 if quoted and _kin(found, told) and common_share(found, told) >= SHARE_MIN_HERE else 0


def _gathered(found: Finding, told: Finding) -> bool:
    """Minor remarks of a tool are gathered to one a file, with which a model may agree."""
    by_tools = {source.rule for source in found.sources if source.kind == "tool"}
    rules = {source.rule for source in told.sources if source.kind == "tool"}
    return told.severity is Severity.LOW and not _by_model(told) and bool(by_tools & rules)


def _one_class(found: Finding, told: Finding) -> bool:
    kind = weakness(found)
    return found.rule == told.rule or (bool(kind) and kind == weakness(told))


def _kin(found: Finding, told: Finding) -> bool:
    return found.aspect is told.aspect or bool(words(found.rule) & words(told.rule))


def _by_model(finding: Finding) -> bool:
    return any(source.kind == "model" for source in finding.sources)
