"""The weakness (CWE) that a finding is an instance of, by the rules that found it."""

from __future__ import annotations

from workers.analysis.tools.rules.loading import texts
from workers.domain.finding import Finding

SECRET_IN_CODE = "CWE-798"  # noqa: S105 # a weakness, not a secret


def weakness(finding: Finding) -> str:
    """ "CWE-78", or "" where no rule names one: models' findings, and what is no weakness."""
    if finding.rule.startswith("secrets/"):
        return SECRET_IN_CODE
    found = (text.cwe for source in finding.sources if (text := texts().get(source.rule)) and text.cwe)
    return next(found, "")
