"""What is believed of a model: the prior, moved by what has been measured, and how sure that is."""

from __future__ import annotations

from math import sqrt

from workers.domain.profile import Moments, Profiles, merge

OVERALL = ""
"""The kind under which all kinds of a model stand together."""
PRIOR_WEIGHT = 20.0
"""The prior counts as so many observations: one bad sample is no reason to change."""
PRIOR_VARIANCE = 0.04
"""Of outcomes between 0 and 1."""
CONFIDENCE_Z = 1.28
"""One-sided 90 %."""

OUTCOME_WORTH = 5.0
"""What people did says as much as so many opinions of other models, which are had by the dozen."""


def mean_of(known: Moments | None, prior: float) -> float:
    """The mean, shrunk towards `prior`."""
    if known is None or known.weight <= 0:
        return prior
    return (PRIOR_WEIGHT * prior + known.weight * known.mean) / (PRIOR_WEIGHT + known.weight)


def lower_bound(known: Moments | None, prior: float) -> float:
    """What it is at least, as far as the measured part can mislead. Unmeasured, the prior is taken at its word."""
    if known is None or known.weight <= 0:
        return prior
    error = sqrt(_variance(known) * known.weight) / (PRIOR_WEIGHT + known.weight)
    return mean_of(known, prior) - CONFIDENCE_Z * error


def upper_bound(known: Moments | None, prior: float) -> float:
    """What it may be at most, the prior doubted too: what was seldom tried is worth a try."""
    if known is None:
        return prior + CONFIDENCE_Z * sqrt(PRIOR_VARIANCE / PRIOR_WEIGHT)
    error = sqrt(_variance(known) / (PRIOR_WEIGHT + known.weight))
    return mean_of(known, prior) + CONFIDENCE_Z * error


def with_outcomes(profiles: Profiles) -> Profiles:
    """`profiles` whose measure "quality" knows what people made of statements, too: both are shares that were right."""
    found = dict(profiles)
    for (model, kind, measure), known in profiles.items():
        if measure == "outcome":
            key = (model, kind, "quality")
            heard = Moments(OUTCOME_WORTH * known.weight, known.mean, OUTCOME_WORTH * known.m2)
            found[key] = merge(found[key], heard) if key in found else heard
    return found


def with_overall(profiles: Profiles) -> Profiles:
    """`profiles` and, under the kind OVERALL, each model's kinds taken together. Once per reading, not per decision."""
    overall: dict[tuple[str, str, str], Moments] = {}
    for (model, kind, measure), known in sorted(profiles.items()):
        if kind != OVERALL:
            key = (model, OVERALL, measure)
            overall[key] = merge(overall[key], known) if key in overall else known
    return {**profiles, **overall}


def chain(
    profiles: Profiles, model: str, kind: str, measure: str, prior: float
) -> tuple[Moments | None, float]:
    """The most particular moments there are, and what they shrink to: kind → the model's other kinds → `prior`."""
    overall = profiles.get((model, OVERALL, measure))
    own = profiles.get((model, kind, measure))
    return (overall, prior) if own is None else (own, mean_of(_without(overall, own), prior))


def _without(overall: Moments | None, own: Moments) -> Moments | None:
    """The mean of the other kinds: what one kind has shown must not count twice."""
    rest = overall.weight - own.weight if overall else 0.0
    if overall is None or rest <= 0:
        return None
    return Moments(rest, (overall.weight * overall.mean - own.weight * own.mean) / rest, 0.0)


def _variance(known: Moments) -> float:
    return (known.m2 + PRIOR_WEIGHT * PRIOR_VARIANCE) / (PRIOR_WEIGHT + known.weight)
