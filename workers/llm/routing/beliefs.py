"""All that is believed of all models, worked out once per reading of the profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from config.catalogue import ModelSpec
from workers.domain.profile import Moments, Profiles
from workers.llm.routing.profiles import chain, lower_bound, mean_of, upper_bound, with_outcomes, with_overall
from workers.llm.routing.strengths import strengths_of

LACKING_STRENGTH = 0.5
"""Points of quality that a model counts less where it has none of the strengths wanted."""


class Belief(NamedTuple):
    """One measure of a model at a kind of task: the mean and its bounds."""

    mean: float
    least: float
    most: float


class Standing(NamedTuple):
    """What is believed of a model's quality (0 to 10): the mean or upper bound to rank by, and the lower one."""

    spec: ModelSpec
    quality: float
    least_quality: float
    is_fit: bool
    fitness: float
    """Its quality at this kind of task."""
    seconds: tuple[float, float]
    """How long it takes, linear in what its speed takes as a rule: where nothing is known, (0, 1)."""


class Beliefs:
    """Profiles, ready to be asked. It never changes, but remembers what it has worked out: decisions are made often."""

    def __init__(self, profiles: Profiles | None = None) -> None:
        self._profiles: Mapping[tuple[str, str, str], Moments] = with_overall(with_outcomes(profiles or {}))
        self._means: dict[tuple[str, str, str], tuple[float, float]] = {}
        self._standings: dict[tuple[str, bool], Standings] = {}

    def of(self, model: str, kind: str, measure: str, prior: float) -> Belief:
        """What is believed of `model`; without any outcome it is `prior`."""
        known, base = chain(self._profiles, model, kind, measure, prior)
        return Belief(mean_of(known, base), lower_bound(known, base), upper_bound(known, base))

    def mean(self, model: str, kind: str, measure: str, prior: float) -> float:
        """The mean alone."""
        offset, slope = self.line(model, kind, measure)
        return offset + slope * prior

    def line(self, model: str, kind: str, measure: str) -> tuple[float, float]:
        """The mean as offset and slope of the prior, in which it is linear: remembered for two, it is known for all."""
        key = (model, kind, measure)
        found = self._means.get(key)
        if found is None:
            at_zero, at_one = (mean_of(*chain(self._profiles, *key, prior)) for prior in (0.0, 1.0))
            found = self._means[key] = (at_zero, at_one - at_zero)
        return found

    def standings(self, kind: str, *, explores: bool) -> Standings:
        """How models stand at tasks of `kind`; with `explores` what was seldom tried has the benefit of the doubt."""
        found = self._standings.get((kind, explores))
        if found is None:
            found = self._standings[kind, explores] = Standings(self, kind, explores=explores)
        return found


class Standings:
    """How models stand at one kind of task, each worked out once."""

    def __init__(self, beliefs: Beliefs, kind: str, *, explores: bool) -> None:
        self._beliefs = beliefs
        self._kind = kind
        self._explores = explores
        self._strengths = frozenset(strengths_of(kind))
        self._known: dict[str, Standing] = {}

    def of(self, spec: ModelSpec) -> Standing:
        """What is believed of the quality of `spec`."""
        found = self._known.get(spec.name)
        if found is None or found.spec is not spec:  # two models may have one name, in two catalogues
            found = self._known[spec.name] = self._work_out(spec)
        return found

    def _work_out(self, spec: ModelSpec) -> Standing:
        belief = self._beliefs.of(spec.name, self._kind, "quality", spec.quality / 10)
        quality = 10 * (belief.most if self._explores else belief.mean)
        fit = not self._strengths or not self._strengths.isdisjoint(spec.strengths)
        fitness = quality if fit else quality - LACKING_STRENGTH
        seconds = self._beliefs.line(spec.name, self._kind, "seconds")
        return Standing(spec, quality, 10 * belief.least, fit, fitness, seconds)
