"""Performance: work done again and again, waiting in line, and event loops that stand still."""

from __future__ import annotations

from dataclasses import dataclass

from workers.analysis.languages import is_test_path
from workers.domain.finding import Aspect, Finding
from workers.experts.base import View, code
from workers.experts.focus import focus_on
from workers.experts.judgement import judged


@dataclass(frozen=True, slots=True)
class PerformanceExpert:
    """Time and memory that the change costs."""

    aspect: Aspect = Aspect.PERFORMANCE

    @property
    def focus(self) -> str:
        """What a model is told to look for and to leave out."""
        return focus_on(self.aspect)

    def worth_running(self, view: View) -> bool:
        """Only code outside tests can be slow where it matters."""
        return any(not is_test_path(source.path) for source in code(view))

    def static(self, view: View) -> tuple[Finding, ...]:
        """Findings of all performance rules on added lines outside tests."""
        seen = [one for one in view.analysis.observations if not is_test_path(one.path)]
        return judged(self.aspect, seen, view)
