"""What a model may suggest: the schema of its answer, with every length bounded."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workers.domain.improvement import Impact
from workers.llm.bounded import first

SUGGESTIONS_MAX = 15
TITLE_MAX_CHARS = 120


def _impact(value: Any) -> Any:
    word = value.strip().lower() if isinstance(value, str) else value
    return word if word in set(Impact) else Impact.LOW


class Proposal(BaseModel):
    """One suggestion. No line numbers: the place is where the quote stands."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[str, first(1_000)]
    quote: Annotated[str, first(4_000)] = Field(description="the whole lines that it replaces, copied")
    replacement: Annotated[str, first(6_000)] = Field(description="what stands there afterwards")
    title: Annotated[str, first(TITLE_MAX_CHARS)] = Field(min_length=1, description="in at most 12 words")
    why: Annotated[str, first(800)] = ""
    impact: Annotated[Impact, BeforeValidator(_impact)] = Impact.LOW


class Proposals(BaseModel):
    """The answer."""

    model_config = ConfigDict(frozen=True)

    suggestions: Annotated[tuple[Proposal, ...], first(SUGGESTIONS_MAX)]
