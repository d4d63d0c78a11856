"""What a workflow asks of models, stage by stage, in tokens of a usual case: the ground that estimates stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COMPLEXITY = 0.5
"""Of a usual case, as routing sees it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One call: the kind of its task, and the tokens that go in and come out."""

    kind: str
    input_tokens: int
    output_tokens: int


def _shape(name: str, scope_tokens: int, work_tokens: int, check_tokens: int) -> tuple[Stage, ...]:
    """Plan, work, validate. Planning and validating read more than they write; the work writes as much as it reads."""
    return (
        Stage(f"scope/{name}", scope_tokens * 2 // 3, scope_tokens - scope_tokens * 2 // 3),
        Stage(name, work_tokens // 2, work_tokens - work_tokens // 2),
        Stage(f"validate/{name}", check_tokens * 3 // 4, check_tokens - check_tokens * 3 // 4),
    )


WORKFLOWS: Mapping[str, tuple[Stage, ...]] = {
    "review": _shape("review", 300, 2000, 200),
    "docs": _shape("docs", 400, 3000, 300),
    "tests": _shape("tests", 400, 3000, 300),
    "ask": (Stage("ask", 1500, 500),),
    "describe": (Stage("describe", 1500, 500),),
    "improve": (Stage("improve", 1500, 1000),),
    "audit": (
        *(Stage(f"audit/{name}", 15_000, 1000) for name in ("architect", "deployment", "business")),
        Stage("audit", 8_000, 600),
    ),
}
"""Tokens a workflow, planned, worked and validated; whoever has receipts corrects them by `calibration`."""

EXPERTS = ("dependency", "documentation", "performance", "quality", "security", "testing")

TASKS: Mapping[str, Stage] = {
    **{name: next(stage for stage in stages if stage.kind == name) for name, stages in WORKFLOWS.items()},
    **{f"review/{expert}": Stage(f"review/{expert}", 1000, 1000) for expert in EXPERTS},
    **{stage.kind: stage for stages in WORKFLOWS.values() for stage in stages},
}
"""Every type of task that a model can be recommended for."""
