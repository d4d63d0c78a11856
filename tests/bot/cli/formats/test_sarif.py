"""SARIF 2.1.0: what its schema requires, and what code hosts read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.cli.formats.sarif import sarif
from tests.workers.github.reviews_by_hand import FINDING, MINOR, review
from workers.domain.finding import Aspect, Severity
from workers.domain.review import Review, Verdict
from workers.github.render import taxa


def log(made: Review) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sarif(made, "1.2.3"))
    return document


def run(made: Review) -> dict[str, Any]:
    only: dict[str, Any] = log(made)["runs"][0]
    return only


def test_log_has_what_the_schema_requires() -> None:
    document = log(review())
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    assert run(review())["tool"]["driver"] | {"rules": []} == {
        "name": "Quorum",
        "version": "1.2.3",
        "rules": [],
        "supportedTaxonomies": [taxa.REFERENCE],
    }
    assert [one["executionSuccessful"] for one in run(review())["invocations"]] == [True]


def test_result_points_at_its_line_and_rule() -> None:
    made = run(review(findings=(replace(FINDING, start_line=10),)))
    result = made["results"][0]
    assert made["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "ruff/S602"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "src/run.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 10, "endLine": 12},
            }
        }
    ]
    assert result["partialFingerprints"] == {"quorum/v1": "0123456789abcdef"}
    assert result["message"]["text"].startswith("Shell call with user input\n")


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
    ],
)
def test_level(severity: Severity, level: str) -> None:
    assert run(review(findings=(replace(FINDING, severity=severity),)))["results"][0]["level"] == level


def test_a_rule_stands_once() -> None:
    made = run(review(findings=(FINDING, FINDING, replace(MINOR, rule="tests/missing"))))
    assert [rule["id"] for rule in made["tool"]["driver"]["rules"]] == ["ruff/S602", "tests/missing"]
    assert [result["ruleIndex"] for result in made["results"]] == [0, 0, 1]


def test_only_security_rules_carry_a_security_severity() -> None:
    other = replace(FINDING, rule="x", aspect=Aspect.QUALITY)
    rules = run(review(findings=(FINDING, other)))["tool"]["driver"]["rules"]
    assert [rule["properties"].get("security-severity") for rule in rules] == ["8.0", None]


def test_file_level_finding_has_no_region() -> None:
    result = run(review(findings=(replace(FINDING, line=None, path="a b.py"),)))["results"][0]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"}
    }


def test_a_failed_review_is_no_successful_run() -> None:
    assert not run(review(verdict=Verdict.FAILED, findings=()))["invocations"][0]["executionSuccessful"]


def test_no_findings_are_an_empty_list() -> None:
    assert run(review(findings=()))["results"] == []


def test_every_weakness_of_a_rule_is_in_the_taxonomy() -> None:
    made = run(review())
    named = {
        one["target"]["id"]
        for rule in made["tool"]["driver"]["rules"]
        for one in rule.get("relationships", ())
    }
    assert {taxon["id"] for taxon in made["taxonomies"][0]["taxa"]} == named == {"78"}


def test_without_weaknesses_there_is_no_taxonomy() -> None:
    made = run(review(findings=()))
    assert "taxonomies" not in made
    assert "supportedTaxonomies" not in made["tool"]["driver"]
