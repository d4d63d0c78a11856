"""Statements that are no findings at all: praise, "all is well", talk about the reviewer, hedging about nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from workers.domain.finding import Finding
from workers.experts.meta_phrases import finds_nothing, opens_with_praise, speaks_of_itself
from workers.experts.meta_wording import advised, wording
from workers.experts.noise import traits

SAID_BEFORE = "said before"
"""Why the same words on the same lines are dropped when the same model says them again."""

_WRONG = ("failure", "wrongness", "contrast", "negation", "absence")


@dataclass(frozen=True, slots=True)
class Sanitised:
    """What is a finding; `dropped` counts by reason what is none."""

    findings: tuple[Finding, ...]
    dropped: Mapping[str, int]


def sanitised(findings: Sequence[Finding]) -> Sanitised:
    """`findings` without models' statements that are none. What a tool said, alone or too, stays."""
    kept: list[Finding] = []
    dropped: Counter[str] = Counter()
    said: set[Hashable] = set()
    for finding in findings:
        why = _why_dropped(finding, said) if by_models(finding) else ""
        if why:
            dropped[why] += 1
        else:
            kept.append(finding)
            said.add(_wholly(finding))
    return Sanitised(tuple(kept), dropped)


def by_models(finding: Finding) -> bool:
    """Whether models alone said it."""
    return bool(finding.sources) and all(source.kind == "model" for source in finding.sources)


def _why_dropped(finding: Finding, said: set[Hashable]) -> str:
    if _wholly(finding) in said:
        return SAID_BEFORE
    return next((why for why, holds in _RULES if holds(finding)), "")


def _wholly(finding: Finding) -> Hashable:
    """The same in all that is posted: another severity or other words are for those to judge who merge."""
    place = finding.path, finding.start_line, finding.line, finding.evidence
    texts = finding.rule, finding.title, finding.description, finding.recommendation, finding.suggestion
    return finding.sources, finding.aspect, finding.severity, place, texts


def _wordless(finding: Finding) -> bool:
    return not (any(map(str.isalpha, finding.title)) and any(map(str.isalpha, finding.description)))


def _is_praise(finding: Finding) -> bool:
    """It opens with praise and names nothing wrong: "good hash replaced by a broken one" is none."""
    found = traits(f"{finding.title}. {finding.description}")
    return opens_with_praise(finding.title) and not any(found[name] for name in _WRONG)


def _finds_nothing(finding: Finding) -> bool:
    """Its title says so, or its description where nothing is advised."""
    return finds_nothing(finding.title) or (not advised(finding) and finds_nothing(finding.description))


def _is_about_the_reviewer(finding: Finding) -> bool:
    return speaks_of_itself(f"{finding.title}. {finding.description}")


def _is_idle(finding: Finding) -> bool:
    """Hedged words about nothing in particular, and nothing to do. What would block a merge is for people to judge."""
    if finding.severity.blocks or advised(finding):
        return False
    words = wording(finding)
    return words.hedges and words.vague


_RULES: tuple[tuple[str, Callable[[Finding], bool]], ...] = (
    ("no words", _wordless),
    ("nothing is wrong", _finds_nothing),
    ("praise", _is_praise),
    ("about the reviewer itself", _is_about_the_reviewer),
    ("nothing to act on", _is_idle),
)
NO_FINDING = frozenset(why for why, _ in _RULES)
"""Why a statement is none at all."""
