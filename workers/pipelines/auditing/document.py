"""An audit as JSON: `llm_results` in the form of the design, the static scores beside it, and what both rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping

from workers.domain.audit import Audit, Criterion, Score
from workers.domain.question import Evidence

INDENT = 1


def document(audit: Audit) -> str:
    """All of it."""
    proofs = {name: [_evidence(one) for one in proof.evidence] for name, proof in audit.proofs.items()}
    return _text(
        {
            **_results(audit),
            "reasons": {name: _reasons(score) for name, score in _named(audit).items()},
            "evidence": proofs,
            "coverage": {"files_read": audit.read, "shown_to_models": list(audit.shown)},
            "notices": list(audit.notices),
        }
    )


def summary(audit: Audit) -> str:
    """Results and scores alone, for a place that shows the reasons otherwise."""
    return _text(_results(audit))


def _results(audit: Audit) -> dict[str, object]:
    scores = {name: score.value for name, score in _named(audit).items()}
    return {
        "llm_results": audit.results,
        "static_scores": scores,
        "failed": dict(audit.failed),
        "quality": audit.quality,
        "validated": audit.validated,
    }


def _named(audit: Audit) -> Mapping[str, Score]:
    scores = audit.scores
    return {
        "code_quality": scores.code,
        "deployment_readiness": scores.deployment,
        "documentation_quality": scores.documentation,
    }


def _reasons(score: Score) -> list[dict[str, object]]:
    return [_reason(one) for one in score.criteria]


def _reason(one: Criterion) -> dict[str, object]:
    return {
        "name": one.name,
        "points": round(one.points, 2),
        "of": one.most,
        "looked_at": one.looked_at,
        "found": one.found,
        "places": [str(place) for place in one.places],
    }


def _evidence(one: Evidence) -> dict[str, object]:
    return {"path": one.path, "line": one.start_line or one.line, "quote": one.quote, "why": one.why}


def _text(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=INDENT)
