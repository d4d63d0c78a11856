"""One measured figure of a benchmark, beside its goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """`goal` is a condition in words and figures, e.g. "<= 20"; `holds` is None where there is no goal."""

    name: str
    value: float | str | None
    unit: str
    goal: str = ""
    holds: bool | None = None
