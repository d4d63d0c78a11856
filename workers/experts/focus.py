"""What each expert asks a model to look for: `workers/prompts/expert.<aspect>.md`."""

from __future__ import annotations

from collections.abc import Iterable

from workers.domain.finding import Aspect
from workers.llm.prompts import Prompt, load


def focus_on(aspect: Aspect) -> str:
    """The text for one aspect; its lines hang under the aspect's word in the question."""
    return _prompt(aspect).fill().replace("\n", "\n  ")


def focus_versions(aspects: Iterable[Aspect]) -> tuple[str, ...]:
    """The versions of the texts for `aspects`, in their order."""
    return tuple(_prompt(aspect).version for aspect in aspects)


def _prompt(aspect: Aspect) -> Prompt:
    return load(f"expert.{aspect.value}")
