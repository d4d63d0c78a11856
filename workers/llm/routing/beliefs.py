"""All that is believed of all models, worked out once per reading of the profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workers.domain.profile import Moments, Profiles
from workers.llm.routing.profiles import chain, lower_bound, mean_of, upper_bound, with_overall


class Belief(NamedTuple):
    """One measure of a model at a kind of task: the mean and its bounds."""

    mean: float
    least: float
    most: float


class Beliefs:
    """Profiles, ready to be asked. It never changes, but remembers what it has worked out: decisions are made often."""

    def __init__(self, profiles: Profiles | None = None) -> None:
        self._profiles: Mapping[tuple[str, str, str], Moments] = with_overall(profiles or {})
        self._known: dict[tuple[str, str, str, float], Belief] = {}

    def of(self, model: str, kind: str, measure: str, prior: float) -> Belief:
        """What is believed of `model`; without any outcome it is `prior`."""
        key = (model, kind, measure, prior)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._work_out(*key)
        return found

    def _work_out(self, model: str, kind: str, measure: str, prior: float) -> Belief:
        known, base = chain(self._profiles, model, kind, measure, prior)
        return Belief(mean_of(known, base), lower_bound(known, base), upper_bound(known, base))
