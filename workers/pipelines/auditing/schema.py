"""What specialists and the aggregator answer, with the names that the design gives; bounds cut, they don't refuse."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from workers.llm.bounded import first
from workers.pipelines.asking.task import Cited

LONG_MAX_CHARS = 1_200
TEXT_MAX_CHARS = 600
ITEM_MAX_CHARS = 240
ITEMS_MAX = 8
EVIDENCE_MAX = 6

Long = Annotated[str, first(LONG_MAX_CHARS)]
Text = Annotated[str, first(TEXT_MAX_CHARS)]
Item = Annotated[str, first(ITEM_MAX_CHARS)]
Items = Annotated[tuple[Item, ...], first(ITEMS_MAX)]
Quotes = Annotated[tuple[Cited, ...], first(EVIDENCE_MAX)]
OfTen = Annotated[float, Field(ge=0, le=10)]


class Part(BaseModel):
    """What all answers have in common."""

    model_config = ConfigDict(frozen=True)


class ArchitectAnalysis(Part):
    """How it is built."""

    architecture_assessment: Long = Field(min_length=1)
    design_patterns: Items = ()
    scalability_notes: Text = ""
    technical_debt_priority: Literal["low", "medium", "high"] = "medium"


class Blocker(Part):
    """What stands in the way of a deployment."""

    issue: Item = Field(min_length=1)
    severity: Literal["low", "medium", "high", "critical"] = "medium"


class DeploymentAnalysis(Part):
    """How it would be run."""

    deployment_strategy: Long = Field(min_length=1)
    infrastructure_recommendations: Text = ""
    deployment_blockers: Annotated[tuple[Blocker, ...], first(ITEMS_MAX)] = ()
    mvp_roadmap: Items = ()


class BusinessAnalysis(Part):
    """What it is good for."""

    problem_solved: Long = Field(min_length=1)
    target_audience: Text = ""
    monetization_strategy: Text = ""
    market_viability: OfTen
    portfolio_suitable: bool = False
    portfolio_pitch: Text = ""


class AggregatedInsights(Part):
    """All of it together."""

    overall_assessment: Long = Field(min_length=1)
    top_priorities: Items = ()
    vibecodibility_score: OfTen
    borg_tools_fit: OfTen


class Evidenced(Part):
    """Code that an answer rests on; it is looked up, and stands beside the answer, not in it."""

    evidence: Quotes = ()


class ArchitectSaid(Evidenced):
    """The architect's answer."""

    analysis: ArchitectAnalysis


class DeploymentSaid(Evidenced):
    """The deployment specialist's answer."""

    analysis: DeploymentAnalysis


class BusinessSaid(Evidenced):
    """The business specialist's answer."""

    analysis: BusinessAnalysis


class Metadata(Part):
    """What it took; `cache_hits` are answers that were kept from before, `api_calls` requests to providers."""

    models_used: tuple[str, ...]
    total_time_seconds: float
    cache_hits: int
    api_calls: int


class LlmResults(Part):
    """The design's `llm_results`; a part that nobody gave an answer for is null."""

    architect_analysis: ArchitectAnalysis | None
    deployment_analysis: DeploymentAnalysis | None
    business_analysis: BusinessAnalysis | None
    aggregated_insights: AggregatedInsights | None
    metadata: Metadata
