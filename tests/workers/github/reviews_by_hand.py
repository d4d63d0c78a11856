"""Reviews made by hand, for tests of what is shown of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workers.domain.change import Omission
from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.domain.review import Coverage, Review, ToolRun, Verdict
from workers.domain.usage import Call, Usage

HEAD = "5f3c2e1" + "a" * 33
BASE = "b" * 40

FINDING = Finding(
    aspect=Aspect.SECURITY,
    severity=Severity.HIGH,
    rule="ruff/S602",
    path="src/run.py",
    title="Shell call with user input",
    description="`name` reaches a shell unquoted.",
    recommendation="Pass a list and leave `shell` out.",
    line=12,
    evidence='subprocess.run(f"ls {name}", shell=True)',
    sources=(Source("tool", "ruff", "S602"), Source("model", "mid-a")),
    state=State.CONFIRMED,
    fingerprint="0123456789abcdef",
)
MINOR = replace(
    FINDING,
    aspect=Aspect.TESTS,
    severity=Severity.LOW,
    title="No test names this",
    sources=(),
    state=State.SINGLE,
)
CALL = Call(
    "review/security",
    "mid-a",
    "ok",
    Usage(1, 12_000, 2_000, 300, 3_700, 4.2),
    provider="somewhere",
    reason="mid-a answers review/security (moderate)",
    estimated_micros=9_000,
    expected_micros=4_000,
    premium_micros=40_000,
    premium_model="big-a",
)


def review(**changes: Any) -> Review:
    """One blocking finding and one minor one, three files, one call."""
    made = Review(
        head_sha=HEAD,
        base_sha=BASE,
        verdict=Verdict.BLOCKING,
        reason="1 finding blocks the merge.",
        findings=(FINDING, MINOR),
        coverage=(
            Coverage("src/run.py", ("ruff", "mid-a")),
            Coverage("src/gen.py", omitted=Omission.GENERATED),
            Coverage("src/other.py", ("ruff",), detail="lizard failed"),
        ),
        tools=(ToolRun("ruff", "ok", "jail", seconds=0.41), ToolRun("lizard", "failed", "jail", "timed out")),
        calls=(CALL,),
        notices=("Analysers that failed: lizard (timed out).",),
        walkthrough="- **python**, 3 files",
        suppressed=2,
        config_origin="repository@bbbbbbb",
        thread_count=2,
        seconds=6.5,
        quality=0.8,
    )
    return replace(made, **changes)
