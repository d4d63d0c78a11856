"""What a repository declined again and again is ranked lower, and that is said; nothing is left out for it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workers.domain.finding import Aspect, Finding
from workers.domain.outcome import Record

PERSON_MAX = 10.0
"""More outcomes of one person about one rule count as so many, in the same proportion."""
RULE_MIN = 5
ASPECT_MIN = 20
"""So many outcomes of a whole aspect speak for a rule of which too few are known."""
DECLINED_LEAST = 0.5
CONFIDENCE_Z = 1.645
"""One-sided 95 %."""

WHOLE = ""
Subject = tuple[Aspect, str]
"""An aspect and a rule of it, or WHOLE."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a repository does with such findings: `wrong` of `total` were declined; `least` is the share for certain."""

    wrong: int
    total: int
    least: float

    def __str__(self) -> str:
        return f"this repository declined {self.wrong:,} of {self.total:,} such findings"


@dataclass(frozen=True, slots=True)
class Lowered:
    """`findings` in their new order; `why` maps the fingerprints of those that went down to the habit."""

    findings: tuple[Finding, ...]
    why: Mapping[str, Habit]


def lowered(ranked: Sequence[Finding], records: Iterable[Record]) -> Lowered:
    """`ranked`, with what the repository mostly declines behind everything else.

    Security and what blocks stay where they are. Severities stay as they are, too.
    """
    habits = habits_of(records)
    why = {one.fingerprint: habit for one in ranked if (habit := _habit(one, habits)) is not None}
    first = [one for one in ranked if one.fingerprint not in why]
    return Lowered((*first, *(one for one in ranked if one.fingerprint in why)), why)


def habits_of(records: Iterable[Record]) -> Mapping[Subject, Habit]:
    """What is known of each subject."""
    by_subject: dict[Subject, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in records:
        for rule in (one.rule, WHOLE):
            counts = by_subject[one.aspect, rule][one.actor_id]
            counts[0] += one.right
            counts[1] += one.wrong
    return {subject: _summed(people.values()) for subject, people in by_subject.items()}


def wilson_least(part: float, total: float) -> float:
    """The lower bound of a share, one-sided 95 % (E. B. Wilson 1927); 0 of nothing."""
    if total <= 0:
        return 0.0
    share, z2 = part / total, CONFIDENCE_Z**2
    error = CONFIDENCE_Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, (share + z2 / (2 * total) - error) / (1 + z2 / total))


def _habit(finding: Finding, habits: Mapping[Subject, Habit]) -> Habit | None:
    """What it goes down for; the rule's own record comes before the aspect's."""
    if finding.aspect is Aspect.SECURITY or finding.severity.blocks:
        return None
    for rule, least in ((finding.rule, RULE_MIN), (WHOLE, ASPECT_MIN)):
        known = habits.get((finding.aspect, rule))
        if known is not None and known.total >= least:
            return known if known.least >= DECLINED_LEAST else None
    return None


def _summed(people: Iterable[Sequence[int]]) -> Habit:
    right = wrong = 0
    heard_wrong = heard = 0.0
    for said_right, said_wrong in people:
        right, wrong = right + said_right, wrong + said_wrong
        share = min(1.0, PERSON_MAX / (said_right + said_wrong)) if said_right + said_wrong else 0.0
        heard_wrong, heard = heard_wrong + share * said_wrong, heard + share * (said_right + said_wrong)
    return Habit(wrong, right + wrong, wilson_least(heard_wrong, heard))
