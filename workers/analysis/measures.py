"""The measures of a function and their limits: the same for every tool that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """What one rule of one tool counts. `kind` joins the rules that count the same thing; `unit` is its plural."""

    kind: str
    unit: str
    limit: int


COMPLEXITY_MAX = 15
LENGTH_MAX = 100
PARAMETERS_MAX = 7
POSITIONAL_MAX = 6
STATEMENTS_MAX = 75
RETURNS_MAX = 10

LIZARD: Mapping[str, Measure] = {
    "complexity": Measure("complexity", "branches", COMPLEXITY_MAX),
    "length": Measure("length", "lines", LENGTH_MAX),
    "parameters": Measure("parameters", "parameters", PARAMETERS_MAX),
}
RUFF: Mapping[str, Measure] = {
    "C901": Measure("complexity", "branches", COMPLEXITY_MAX),
    "PLR0912": Measure("complexity", "branches", COMPLEXITY_MAX),
    "PLR0915": Measure("length", "statements", STATEMENTS_MAX),
    "PLR0911": Measure("returns", "returns", RETURNS_MAX),
    "PLR0913": Measure("parameters", "parameters", PARAMETERS_MAX),
    "PLR0917": Measure("positional", "positional parameters", POSITIONAL_MAX),
}
MEASURES: Mapping[tuple[str, str], Measure] = {
    **{("lizard", rule): measure for rule, measure in LIZARD.items()},
    **{("ruff", rule): measure for rule, measure in RUFF.items()},
}
"""By tool and rule."""
