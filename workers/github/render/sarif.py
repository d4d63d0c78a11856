"""A Review as SARIF 2.1.0, for code hosts and editors. The same for the command line and for code scanning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from workers.domain.finding import Aspect, Finding, Severity
from workers.domain.review import Review, Verdict
from workers.github.render import taxa

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
TOOL = "Quorum"
FINGERPRINT = "quorum/v1"

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
# What GitHub's code scanning sorts security findings by: 9 and more is critical, 7 high, 4 medium.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.0",
    Severity.LOW: "2.0",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """What is written with: the program's `version`, `say`, which makes a text fit to be shown, and `weakness`.

    `weakness` names the CWE of a finding ("CWE-78") or is "". `category` keeps a run apart from other runs of the same
    tool on the same commit; "" says none. Where `everywhere`, a finding without a line stands at line 1: code hosts
    refuse a result without one.
    """

    version: str
    say: Callable[[str], str]
    weakness: Callable[[Finding], str]
    category: str = ""
    everywhere: bool = False

    def log(self, review: Review) -> dict[str, Any]:
        """A log with one run."""
        rules = self._rules(review.findings)
        index = {rule["id"]: number for number, rule in enumerate(rules)}
        weaknesses = [named for finding in review.findings if (named := self.weakness(finding))]
        driver = {"name": TOOL, "version": self.version, "rules": rules, **_supported(weaknesses)}
        run = {
            "tool": {"driver": driver},
            **({"automationDetails": {"id": self.category}} if self.category else {}),
            "invocations": [self._invocation(review)],
            "columnKind": "unicodeCodePoints",
            **({"taxonomies": [taxa.taxonomy(weaknesses)]} if weaknesses else {}),
            "results": [self._result(finding, index[finding.rule]) for finding in review.findings],
        }
        return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}

    def _rules(self, findings: Sequence[Finding]) -> list[dict[str, Any]]:
        """One rule an id; the first, most severe finding of a rule describes it."""
        first: dict[str, Finding] = {}
        for finding in findings:
            first.setdefault(finding.rule, finding)
        return [self._rule(rule, finding) for rule, finding in first.items()]

    def _rule(self, rule: str, finding: Finding) -> dict[str, Any]:
        named = self.weakness(finding)
        return {
            "id": rule,
            "shortDescription": {"text": self.say(finding.title or rule)},
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
            "properties": _properties(finding, named),
            **({"relationships": [taxa.relationship(named)]} if named else {}),
        }

    def _result(self, finding: Finding, rule_index: int) -> dict[str, Any]:
        return {
            "ruleId": finding.rule,
            "ruleIndex": rule_index,
            "level": _LEVELS[finding.severity],
            "message": {"text": self._message(finding)},
            "locations": [{"physicalLocation": self._location(finding)}],
            "partialFingerprints": {FINGERPRINT: finding.fingerprint},
            "properties": {
                "severity": str(finding.severity),
                "state": str(finding.state),
                "confidence": finding.confidence,
                "sources": [str(source) for source in finding.sources],
            },
        }

    def _message(self, finding: Finding) -> str:
        parts = (
            finding.title,
            finding.description,
            finding.recommendation and f"Fix: {finding.recommendation}",
        )
        return self.say("\n".join(part for part in parts if part) or finding.rule)

    def _location(self, finding: Finding) -> dict[str, Any]:
        artifact = {"uri": quote(finding.path, errors="replace"), "uriBaseId": "%SRCROOT%"}
        location: dict[str, Any] = {"artifactLocation": artifact}
        line = finding.line or (1 if self.everywhere else None)
        if line is not None:
            location["region"] = {"startLine": finding.start_line or line, "endLine": line}
        return location

    def _invocation(self, review: Review) -> dict[str, Any]:
        notices = [{"level": "warning", "message": {"text": self.say(notice)}} for notice in review.notices]
        return {
            "executionSuccessful": review.verdict not in {Verdict.FAILED, Verdict.SKIPPED},
            "exitCodeDescription": self.say(review.reason),
            "toolExecutionNotifications": notices,
        }


def _supported(weaknesses: Sequence[str]) -> dict[str, Any]:
    return {"supportedTaxonomies": [taxa.REFERENCE]} if weaknesses else {}


def _properties(finding: Finding, named: str) -> dict[str, Any]:
    tags: dict[str, Any] = {"tags": [str(finding.aspect), *([taxa.tag(named)] if named else [])]}
    if finding.aspect is Aspect.SECURITY:
        tags["security-severity"] = _SECURITY_SEVERITY[finding.severity]
    return tags
