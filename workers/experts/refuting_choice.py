"""Which findings somebody else should try to disprove: what only models say, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.domain.finding import Finding, Severity, State

LEAST = Severity.MEDIUM
"""What is less than that isn't worth a second question."""


def disputable(findings: Sequence[Finding]) -> Iterator[int]:
    """Where in `findings` those stand that somebody should try to disprove, the worst first."""
    worth = [number for number, finding in enumerate(findings) if _is_disputable(finding)]
    yield from sorted(worth, key=lambda number: (findings[number].severity.rank, number))


def finders(finding: Finding) -> frozenset[str]:
    """The models that found it."""
    return frozenset(source.name for source in finding.sources if source.kind == "model")


def _is_disputable(finding: Finding) -> bool:
    if finding.doubts or finding.stood or _by_tool(finding) or not finders(finding):
        return False
    if finding.state is State.CONFIRMED:
        return finding.severity.blocks  # two models can be wrong together
    return finding.state is State.SINGLE and finding.severity.rank <= LEAST.rank


def _by_tool(finding: Finding) -> bool:
    """Whether an analyser says so: it has nothing but the code to go by."""
    return any(source.kind != "model" for source in finding.sources)
