"""A Review as SARIF 2.1.0, for code hosts and editors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from bot.cli.formats import taxa
from bot.cli.formats.written import written
from workers.analysis.cwe import weakness
from workers.domain.finding import Aspect, Finding, Severity
from workers.domain.review import Review, Verdict
from workers.github.prose import parted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
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


def sarif(review: Review, version: str) -> str:
    """A log with one run; `version` is the program's."""
    rules = _rules(review.findings)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    weaknesses = [named for finding in review.findings if (named := weakness(finding))]
    run = {
        "tool": {"driver": {"name": "Quorum", "version": version, "rules": rules, **_supported(weaknesses)}},
        "invocations": [_invocation(review)],
        "columnKind": "unicodeCodePoints",
        **({"taxonomies": [taxa.taxonomy(weaknesses)]} if weaknesses else {}),
        "results": [_result(finding, index[finding.rule]) for finding in review.findings],
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _supported(weaknesses: Sequence[str]) -> dict[str, Any]:
    return {"supportedTaxonomies": [taxa.REFERENCE]} if weaknesses else {}


def _rules(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """One rule an id; the first, most severe finding of a rule describes it."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    return [
        {
            "id": rule,
            "shortDescription": {"text": parted(finding.title or rule)},
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
            "properties": _properties(finding),
            **({"relationships": [taxa.relationship(named)]} if (named := weakness(finding)) else {}),
        }
        for rule, finding in first.items()
    ]


def _properties(finding: Finding) -> dict[str, Any]:
    named = weakness(finding)
    tags: dict[str, Any] = {"tags": [str(finding.aspect), *([taxa.tag(named)] if named else [])]}
    if finding.aspect is Aspect.SECURITY:
        tags["security-severity"] = _SECURITY_SEVERITY[finding.severity]
    return tags


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _location(finding)}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {
            "severity": str(finding.severity),
            "state": str(finding.state),
            "confidence": finding.confidence,
            "sources": [str(source) for source in finding.sources],
        },
    }


def _message(finding: Finding) -> str:
    parts = (finding.title, finding.description, finding.recommendation and f"Fix: {finding.recommendation}")
    return parted("\n".join(part for part in parts if part) or finding.rule)


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.path), "uriBaseId": "%SRCROOT%"}}
    if finding.line is not None:
        location["region"] = {"startLine": finding.start_line or finding.line, "endLine": finding.line}
    return location


def _invocation(review: Review) -> dict[str, Any]:
    notices = [{"level": "warning", "message": {"text": parted(notice)}} for notice in review.notices]
    return {
        "executionSuccessful": review.verdict not in {Verdict.FAILED, Verdict.SKIPPED},
        "exitCodeDescription": parted(review.reason),
        "toolExecutionNotifications": notices,
    }
