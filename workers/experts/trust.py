"""How much a source's word is worth: a tool's all of it, a model's as far as its record shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.experts.weights import OVERLAP_PRIOR

Speaker = tuple[str, str]
"""Kind ("tool" or "model") and name."""

UNKNOWN = 0.7
"""Of a model without a record: most of what models say of code that they see is right, not all."""


@dataclass(frozen=True, slots=True)
class Trust:
    """`models` maps a model to the share of its statements that stood, 0 to 1."""

    models: Mapping[str, float] = field(default_factory=dict)
    alike: float = OVERLAP_PRIOR
    """How much of what one model gets wrong another one gets wrong with it: what a second voice is worth less."""

    def of(self, speaker: Speaker) -> float:
        """0 to 1."""
        kind, name = speaker
        return self.models.get(name, UNKNOWN) if kind == "model" else 1.0

    def together(self, confidences: Mapping[Speaker, float]) -> float:
        """How sure all are together, 0 to 1: each leaves less of the doubt, a further model less than the first."""
        sure = {speaker: value * self.of(speaker) for speaker, value in confidences.items()}
        doubt, models = 1.0, 0
        for speaker in sorted(sure, key=lambda one: (-sure[one], one)):
            is_model = speaker[0] == "model"
            share = 1.0 - self.alike if is_model and models else 1.0
            models += is_model
            doubt *= 1.0 - sure[speaker] * share
        return round(1.0 - doubt, 4)
