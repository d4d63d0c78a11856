"""A Review as JSON."""

from __future__ import annotations

import json

from bot.cli.formats.as_json import as_json
from tests.workers.github.reviews_by_hand import HEAD, review


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
        "base_sha", "calls", "config_origin", "cost_micro_usd", "coverage", "findings", "head_sha", "notices", "reason",
        "seconds", "suppressed", "tools", "verdict", "version",
    ]  # fmt: skip
    assert (document["version"], document["head_sha"], document["cost_micro_usd"]) == (1, HEAD, 3700)


def test_coverage_says_why() -> None:
    assert json.loads(as_json(review()))["coverage"][1]["omitted"] == "generated"
