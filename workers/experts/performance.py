"""Performance: work done again and again, waiting in line, and event loops that stand still."""

from __future__ import annotations

from dataclasses import dataclass

from workers.analysis.languages import is_test_path
from workers.domain.finding import Aspect, Finding
from workers.experts.base import View, code
from workers.experts.judgement import gathered, judged


@dataclass(frozen=True, slots=True)
class PerformanceExpert:
    """Time and memory that the change costs."""

    aspect: Aspect = Aspect.PERFORMANCE
    focus: str = (
        "Performance: queries or requests inside loops, waiting for one thing after the other where it could be "
        "together, blocking calls on an event loop, quadratic work over input that can grow, whole files or result "
        "sets held in memory, missing limits, caches that never shrink, locks held while waiting. Say how the cost "
        "grows and with what. Leave out micro-optimisations."
    )

    def worth_running(self, view: View) -> bool:
        """Only code outside tests can be slow where it matters."""
        return any(not is_test_path(source.path) for source in code(view))

    def static(self, view: View) -> tuple[Finding, ...]:
        """Findings of all performance rules on added lines outside tests."""
        seen = [one for one in view.analysis.observations if not is_test_path(one.path)]
        return gathered(judged(self.aspect, seen, view))
