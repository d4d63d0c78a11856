"""Quality: mistakes that linters are sure of, and functions that are hard to follow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.languages import is_test_path
from workers.analysis.source import Observation
from workers.domain.finding import Aspect, Finding
from workers.experts.base import View, code
from workers.experts.focus import focus_on
from workers.experts.judgement import judged
from workers.experts.size import oversized
from workers.experts.style import is_style, simplifications

NOISE_IN_TESTS = frozenset({"B011", "B017", "B018", "F811", "F841", "PLR0133"})


@dataclass(frozen=True, slots=True)
class QualityExpert:
    """Mistakes and code that is hard to change."""

    aspect: Aspect = Aspect.QUALITY

    @property
    def focus(self) -> str:
        """What a model is told to look for and to leave out."""
        return focus_on(self.aspect)

    def worth_running(self, view: View) -> bool:
        """Any code will do."""
        return any(True for _ in code(view))

    def static(self, view: View) -> tuple[Finding, ...]:
        """Linters' findings on added lines, one finding for each function that grew too big, one a file of style."""
        seen = [one for one in view.analysis.observations if not _is_noise(one)]
        style = [one for one in seen if is_style(one)]
        plain = judged(self.aspect, (one for one in seen if not is_style(one)), view)
        return (*plain, *oversized(view, style), *simplifications(view, style))


def _is_noise(observation: Observation) -> bool:
    path = PurePosixPath(observation.path)
    if observation.rule == "F401":  # a package's __init__ imports to re-export
        return path.name == "__init__.py"
    if observation.rule == "F821":  # build files get names from their tool, and gettext installs "_"
        return path.suffix != ".py" or "`_`" in observation.message
    return observation.rule in NOISE_IN_TESTS and is_test_path(observation.path)
