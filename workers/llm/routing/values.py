"""What the router is told, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isclose
from typing import Literal, NamedTuple

from config.catalogue import ModelSpec, ProviderSpec
from workers.llm.routing.beliefs import Beliefs

Band = Literal["simple", "moderate", "complex"]
Tier = Literal["budget", "balanced", "premium"]
Strategy = Literal["quality", "cost", "latency", "balanced", "success"]

SIMPLE_BELOW = 0.3
COMPLEX_ABOVE = 0.7


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a task needs. `complexity` is 0 to 1; `risky` asks for a strong model and nothing takes that back."""

    kind: str
    complexity: float = 0.5
    risky: bool = False
    input_tokens: int = 0
    output_max_tokens: int = 4_000
    urgent: bool = True

    @property
    def band(self) -> Band:
        """How hard it is."""
        if self.risky or self.complexity > COMPLEX_ABOVE:
            return "complex"
        return "simple" if self.complexity < SIMPLE_BELOW else "moderate"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model, and micro-dollars for this very task: at worst and as a rule; None: nobody knows."""

    spec: ModelSpec
    provider: ProviderSpec
    worst_micros: int | None = None
    typical_micros: int | None = None

    @property
    def estimated_micros(self) -> int | None:
        """What it will cost as a rule."""
        return self.worst_micros if self.typical_micros is None else self.typical_micros


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a model must keep; None: anything will do. `min_quality` is 0 to 10."""

    max_cost_micros: int | None = None
    max_latency_ms: int | None = None
    min_quality: float | None = None
    min_context_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much in the balanced strategy; raises ValueError unless they are shares of one."""

    quality: float = 0.5
    speed: float = 0.25
    cost: float = 0.25

    def __post_init__(self) -> None:
        weights = (self.quality, self.speed, self.cost)
        if min(weights) < 0 or not isclose(sum(weights), 1.0, abs_tol=1e-6):
            raise ValueError(f"weights must be 0 or more and add up to 1, not {weights}")


@dataclass(frozen=True, slots=True)
class Executor:
    """A model that a repository has chosen, by its name or its provider's name for it."""

    name: str
    use_cases: tuple[Band, ...] = ("simple", "moderate", "complex")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator and the repository want.

    `quality_threshold` (0 to 1) is the share of the strongest model's quality that makes a model strong. `explore`
    gives models that were seldom tried the benefit of the doubt, except where the task is risky.
    """

    tier: Tier = "balanced"
    strategy: Strategy = "balanced"
    prefer_local: bool = False
    prefer_free: bool = False
    constraints: Constraints = field(default_factory=Constraints)
    executors: tuple[Executor, ...] = ()
    orchestrator: str | None = None
    fallback_models: tuple[str, ...] = ()
    quality_threshold: float = 0.85
    allow_unknown_prices: bool = False
    weights: Weights = field(default_factory=Weights)
    explore: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stand: whose key is there, who is out of order, what is believed, what is left (None: no limit),
    who is asked the same elsewhere.

    Make `beliefs` once per reading of the profiles, not once per decision.
    """

    usable: frozenset[str]
    unhealthy: frozenset[str] = frozenset()
    beliefs: Beliefs = field(default_factory=Beliefs, compare=False)
    left_micros: int | None = None
    set_aside: frozenset[str] = frozenset()


class Bar(StrEnum):
    """What keeps a model from a task, as it is said after a number."""

    NO_KEY = "without key"
    NO_ADDRESS = "without address"
    UNHEALTHY = "out of order"
    SET_ASIDE = "asked elsewhere"
    NOT_CHOSEN = "not among the repository's models"
    WINDOW = "with too small a window"
    ANSWER = "with too short answers"
    CONTEXT = "with less than the wanted context"
    UNKNOWN_PRICE = "of unknown price"
    COST = "dearer than a call may be"
    BUDGET = "dearer than what is left"
    LATENCY = "too slow"
    QUALITY = "below the wanted quality"
    RISK = "too weak for risky paths"


BARS = tuple(Bar)
"""In the order in which they are told: to go through the class itself takes ten times as long."""


class Alternative(NamedTuple):
    """A model that was not chosen; `score` is None for one that was barred, and `why` says by what."""

    model: str
    score: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is asked, and who after that (at most five, in order). `reason` is one sentence for people.

    `primary` None: nobody may be asked. `barred` counts by what. `estimated_micros` is the primary's, None if unknown.
    """

    primary: Offer | None
    fallbacks: tuple[Offer, ...]
    alternatives: tuple[Alternative, ...]
    reason: str
    estimated_micros: int | None
    barred: Mapping[Bar, int] = field(default_factory=dict)
