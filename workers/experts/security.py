"""Security: ruff's bandit rules, our own rules for six languages, and secrets."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, replace

from workers.analysis.languages import is_test_path
from workers.analysis.source import Observation
from workers.domain.finding import Aspect, Finding, Severity
from workers.experts.base import View
from workers.experts.focus import focus_on
from workers.experts.judgement import judged
from workers.experts.leaks import leaks, masked

NOISE_IN_TESTS = frozenset(
    {"S104", "S105", "S106", "S107", "S108", "S113", "S311", "S324", "S608", "python-jwt-unverified"}
)
PASSWORDS = frozenset({"S105", "S106", "S107"})
NOQA = re.compile(r"#\s*noqa\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*(?:\.format\((?:\w+=(?:'[^'\n]*'|\"[^\"\n]*\")(?:, )?)*\))?")


@dataclass(frozen=True, slots=True)
class SecurityExpert:
    """Weaknesses that the change adds."""

    aspect: Aspect = Aspect.SECURITY

    @property
    def focus(self) -> str:
        """What a model is told to look for and to leave out."""
        return focus_on(self.aspect)

    def worth_running(self, view: View) -> bool:
        """Any text may hold a secret."""
        return bool(view.sources)

    def static(self, view: View) -> tuple[Finding, ...]:
        """Findings of all security rules on added lines; secrets without their value."""
        secrets = leaks(view)
        places = {(leak.path, leak.line) for leak in secrets}
        seen = (one for one in view.analysis.observations if not _is_noise(one, places))
        rest = [one for one in seen if not (one.rule == "S608" and _is_of_constants(one, view))]
        findings = [_weighed(finding) for finding in judged(self.aspect, rest, view)]
        return (*secrets, *findings)


def _is_noise(observation: Observation, secrets: Set[tuple[str, int | None]]) -> bool:
    """Known false alarms in tests, and what was already said as a secret.

    S105 goes by the name alone ("TOKEN_PREFIX"); what our scanners call no secret beside it is none.
    """
    if observation.rule in PASSWORDS and (observation.path, observation.line) in secrets:
        return True
    return observation.rule == "S105" or (
        observation.rule in NOISE_IN_TESTS and is_test_path(observation.path)
    )


def _is_of_constants(observation: Observation, view: View) -> bool:
    """Whether all that is put into a statement are constants by their names: no value comes from outside."""
    source = view.source(observation.path)
    lines = source.text.split("\n")[observation.line - 1 : observation.end_line] if source else []
    parts = PLACEHOLDER.findall("\n".join(lines))
    return bool(parts) and all(CONSTANT.fullmatch(part.strip()) for part in parts)


def _weighed(finding: Finding) -> Finding:
    """Less in tests; said when a comment tried to switch the rule off; passwords are not quoted."""
    if is_test_path(finding.path):
        finding = replace(finding, severity=Severity.LOW, confidence=finding.confidence / 2)
    if NOQA.search(finding.evidence):
        finding = replace(finding, description=finding.description + SAID)
    if PASSWORDS & {source.rule for source in finding.sources}:
        finding = replace(finding, evidence=masked(finding.evidence))
    return finding


SAID = " The line carries `noqa`; a change can't silence security rules about itself."
