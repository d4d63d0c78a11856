"""The weakness of a finding comes from the rules that found it."""

from __future__ import annotations

from workers.analysis.cwe import weakness
from workers.domain.finding import Aspect, Finding, Severity, Source


def finding(rule: str, *sources: Source) -> Finding:
    return Finding(Aspect.SECURITY, Severity.HIGH, rule, "a.py", "Title", "Why.", sources=sources)


def test_weakness_of_a_rule() -> None:
    assert weakness(finding("ruff/S602", Source("tool", "ruff", "S602"))) == "CWE-78"


def test_a_secret_is_a_weakness() -> None:
    assert weakness(finding("secrets/aws-key", Source("tool", "detect-secrets", "aws-key"))) == "CWE-798"


def test_what_a_model_says_names_none() -> None:
    assert weakness(finding("model/race", Source("model", "m"))) == ""
