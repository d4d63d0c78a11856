"""Dependencies: what manifests ask for now, what lockfiles say, and which modules import each other."""

from __future__ import annotations

from dataclasses import dataclass

from workers.analysis.languages import manifest_of
from workers.domain.finding import Aspect, Finding
from workers.experts.base import View
from workers.experts.callers import callers
from workers.experts.coupling import cycles, undeclared
from workers.experts.focus import focus_on
from workers.experts.lockfiles import out_of_step
from workers.experts.requirement_changes import requirement_changes


@dataclass(frozen=True, slots=True)
class DependencyExpert:
    """What the change leans on."""

    aspect: Aspect = Aspect.DEPENDENCY

    @property
    def focus(self) -> str:
        """What a model is told to look for and to leave out."""
        return focus_on(self.aspect)

    def worth_running(self, view: View) -> bool:
        """Manifests or importing code."""
        return bool(view.sources) or any(manifest_of(file.path) for file in view.change.files)

    def static(self, view: View) -> tuple[Finding, ...]:
        """Manifest changes, lockfiles out of step, import cycles, undeclared imports, importers left behind."""
        manifests = (*requirement_changes(view), *out_of_step(view))
        return (*manifests, *cycles(view), *undeclared(view), *callers(view))
