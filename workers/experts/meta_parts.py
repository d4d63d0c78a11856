"""The sides from which a review is judged: each a score, 0 to 1, and a sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from workers.domain.finding import Finding
from workers.experts.meta_repeats import repeats
from workers.experts.meta_sanitising import NO_FINDING, SAID_BEFORE, by_models
from workers.experts.meta_severity import unearned
from workers.experts.meta_wording import advice, advised, told
from workers.experts.similarity import Nearness

_WITHOUT_PLACE = frozenset({"evidence not found", "path not in the change", "outside the change"})


@dataclass(frozen=True, slots=True)
class Part:
    """One side: its score, the sentence for it, and how much of the whole score it cost."""

    name: str
    score: float
    reason: str
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """All that models stated: what became a finding, by reason what did not, and how often they repeated themselves.

    Repetitions are no statements: a model must not drown what it invents in what it says twice.
    """

    findings: Sequence[Finding]
    rejected: Mapping[str, int]
    repeated: int

    @property
    def again(self) -> int:
        """Repetitions that are not among the findings any more."""
        return self.rejected.get(SAID_BEFORE, 0)

    @property
    def idle(self) -> int:
        """Statements that were no findings at all."""
        return sum(count for why, count in self.rejected.items() if why in NO_FINDING)

    @property
    def unproven(self) -> int:
        """Statements that did not stand up to the check against the change."""
        return sum(self.rejected.values()) - self.again - self.idle

    @property
    def count(self) -> int:
        """Statements in all."""
        return len(self.findings) + self.again - self.repeated + self.idle + self.unproven


def said_by_models(findings: Sequence[Finding], rejected: Mapping[str, int], nearness: Nearness) -> Said:
    """What models alone said of `findings`, beside what became none."""
    theirs = tuple(one for one in findings if by_models(one))
    return Said(theirs, rejected, repeats(theirs, nearness) + rejected.get(SAID_BEFORE, 0))


def evidence(said: Said) -> Part:
    """Statements whose quote was found where they say, of all."""
    placeless = all(why in _WITHOUT_PLACE | NO_FINDING | {SAID_BEFORE} for why in said.rejected)
    lacking = "had no place in the change" if placeless else "did not stand up to the check"
    return _part("evidence", said.unproven, said.count, f"statements {lacking}")


def noise(said: Said) -> Part:
    """Statements that were findings at all, of all."""
    return _part("noise", said.idle, said.count, "statements were no findings")


def actionability(said: Said, *, english: bool = True) -> Part:
    """Whether people can act on it: half for what to do, half for what happens, each about code that is named.

    In another language the words for that are not known: that something is to be done is enough.
    """
    if english:
        scores = [(advice(one) + told(one)) / 2 for one in said.findings]
    else:
        scores = [(1.0 + advised(one)) / 2 for one in said.findings]
    weak = sum(score < 1.0 for score in scores)
    reason = _counted(weak, len(scores), "findings leave open what happens or what to do")
    return Part("actionability", fmean(scores) if scores else 1.0, reason)


def duplication(said: Said) -> Part:
    """What adds something, of what one model said: that two models say the same is no repetition."""
    return _part("duplication", said.repeated, len(said.findings) + said.again, "findings repeat others")


def calibration(said: Said, nearness: Nearness) -> Part:
    """Severities that would stop a merge and are earned, of all such."""
    severe = sum(one.severity.blocks for one in said.findings)
    return _part(
        "calibration", unearned(said.findings, nearness), severe, "severities that block are not earned"
    )


def _part(name: str, wrong: int, count: int, what: str) -> Part:
    return Part(name, 1.0 - wrong / count if count else 1.0, _counted(wrong, count, what))


def _counted(wrong: int, count: int, what: str) -> str:
    return f"{wrong} of {count} {what}"
