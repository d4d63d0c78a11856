"""A Review as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.cli.formats.as_json import as_json
from tests.workers.github.reviews_by_hand import CALL, HEAD, review
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN
from workers.domain.usage import Usage


def test_findings_are_whole() -> None:
    document = json.loads(as_json(review()))
    assert document["findings"][0] == {
        "fingerprint": "0123456789abcdef",
        "path": "src/run.py",
        "start_line": None,
        "line": 12,
        "severity": "high",
        "aspect": "security",
        "rule": "ruff/S602",
        "cwe": "CWE-78",
        "title": "Shell call with user input",
        "description": "`name` reaches a shell unquoted.",
        "recommendation": "Pass a list and leave `shell` out.",
        "evidence": 'subprocess.run(f"ls {name}", shell=True)',
        "suggestion": None,
        "confidence": 1.0,
        "state": "confirmed",
        "sources": [
            {"kind": "tool", "name": "ruff", "rule": "S602"},
            {"kind": "model", "name": "mid-a", "rule": ""},
        ],
    }


def test_keys_of_the_document() -> None:
    document = json.loads(as_json(review()))
    assert sorted(document) == [
        "base_sha", "calls", "comparison", "config_origin", "cost_micro_usd", "coverage", "findings", "head_sha",
        "notices", "plan", "reason", "seconds", "suppressed", "tools", "verdict", "version",
    ]  # fmt: skip
    assert (document["version"], document["head_sha"], document["cost_micro_usd"]) == (1, HEAD, 3700)


def test_costs_stand_beside_what_was_expected_and_the_quality() -> None:
    assert json.loads(as_json(review()))["comparison"] == {
        "cost_micro_usd": 3_700,
        "expected_micro_usd": 4_000,
        "premium_micro_usd": 40_000,
        "premium_model": "big-a",
        "quality": 0.8,
        "validated": None,
    }


def test_a_dry_run_has_its_plan() -> None:
    call = replace(CALL, outcome=DRY_RUN, usage=Usage())
    made = review(calls=(call,), planned=(Planned(("a.py", "b.py"), call),), quality=None)
    assert json.loads(as_json(made))["plan"] == {
        "questions": [
            {
                "paths": ["a.py", "b.py"],
                "stage": "review/security",
                "model": "mid-a",
                "provider": "somewhere",
                "reason": "mid-a answers review/security (moderate)",
                "expected_micro_usd": 4_000,
                "worst_micro_usd": 9_000,
            }
        ],
        "expected_micro_usd": 4_000,
        "worst_micro_usd": 9_000,
    }


def test_a_review_has_no_plan() -> None:
    assert json.loads(as_json(review()))["plan"] is None


def test_coverage_says_why() -> None:
    assert json.loads(as_json(review()))["coverage"][1]["omitted"] == "generated"
