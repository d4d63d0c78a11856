"""A Review as JSON, for programs. The shape is stable: keys are only ever added while `version` stays 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cli.formats.written import written
from workers.analysis.cwe import weakness
from workers.domain.finding import Finding
from workers.domain.receipt import compared, summed
from workers.domain.review import Planned, Review
from workers.domain.usage import Call, Usage
from workers.github.prose import parted

VERSION = 1


def as_json(review: Review) -> str:
    """Everything the Review says; costs in micro-dollars, null when unknown."""
    return written(document(review))


def document(review: Review) -> dict[str, Any]:
    """The document before it is written."""
    usage = sum((call.usage for call in review.calls), Usage())
    return {
        "version": VERSION,
        "base_sha": review.base_sha,
        "head_sha": review.head_sha,
        "verdict": str(review.verdict),
        "reason": parted(review.reason),
        "findings": [_finding(finding) for finding in review.findings],
        "suppressed": review.suppressed,
        "coverage": [
            {
                "path": entry.path,
                "read_by": list(entry.read_by),
                "omitted": None if entry.omitted is None else str(entry.omitted),
                "detail": entry.detail,
            }
            for entry in review.coverage
        ],
        "tools": [
            {
                "tool": run.tool,
                "outcome": run.outcome,
                "isolation": run.isolation,
                "detail": run.detail,
                "seconds": round(run.seconds, 3),
            }
            for run in review.tools
        ],
        "calls": [_call(call) for call in review.calls],
        "cost_micro_usd": usage.cost_micros,
        "comparison": _comparison(review),
        "plan": _plan(review.planned) if review.planned else None,
        "notices": [parted(notice) for notice in review.notices],
        "config_origin": review.config_origin,
        "seconds": round(review.seconds, 3),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "path": finding.path,
        "start_line": finding.start_line,
        "line": finding.line,
        "severity": str(finding.severity),
        "aspect": str(finding.aspect),
        "rule": finding.rule,
        "cwe": weakness(finding) or None,
        "title": parted(finding.title),
        "description": parted(finding.description),
        "recommendation": parted(finding.recommendation),
        "evidence": finding.evidence,
        "suggestion": finding.suggestion,
        "confidence": finding.confidence,
        "state": str(finding.state),
        "sources": [{"kind": one.kind, "name": one.name, "rule": one.rule} for one in finding.sources],
    }


def _call(call: Call) -> dict[str, Any]:
    usage = call.usage
    return {
        "stage": call.stage,
        "model": call.model,
        "outcome": call.outcome,
        "calls": usage.calls,
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "output_tokens": usage.output_tokens,
        "cost_micro_usd": usage.cost_micros,
        "seconds": round(usage.seconds, 3),
        "provider": call.provider,
        "reason": call.reason,
        "expected_micro_usd": call.expected_micros,
        "worst_micro_usd": call.estimated_micros,
    }


def _comparison(review: Review) -> dict[str, Any]:
    """What the calls cost beside what they were thought to, and the same tokens on the strongest model."""
    sums = compared(review.calls)
    return {
        "cost_micro_usd": sums.cost_micros,
        "expected_micro_usd": sums.expected_micros,
        "premium_micro_usd": sums.premium_micros if sums.premium_model else None,
        "premium_model": sums.premium_model or None,
        "quality": review.quality,
        "validated": review.validated,
    }


def _plan(planned: Sequence[Planned]) -> dict[str, Any]:
    """The questions of a dry run, and what all of them cost as a rule and at worst."""
    calls = [one.call for one in planned]
    return {
        "questions": [
            {
                "paths": list(one.paths),
                "stage": one.call.stage,
                "model": one.call.model,
                "provider": one.call.provider,
                "reason": one.call.reason,
                "expected_micro_usd": one.call.expected_micros,
                "worst_micro_usd": one.call.estimated_micros,
            }
            for one in planned
        ],
        "expected_micro_usd": summed(call.expected_micros for call in calls),
        "worst_micro_usd": summed(call.estimated_micros for call in calls),
    }
