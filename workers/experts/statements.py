"""What a model may say of a change: the schema of its answer, with every length bounded."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workers.domain.finding import Aspect, Severity
from workers.llm.bounded import first

FINDINGS_MAX = 15


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _slug(value: Any) -> Any:
    return (
        re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:40] or "defect"
        if isinstance(value, str)
        else value
    )


class ModelFinding(BaseModel):
    """One defect, as a model states it. No line numbers: the place is where the quote stands."""

    model_config = ConfigDict(frozen=True)

    aspect: Annotated[Aspect, BeforeValidator(_lower)]
    severity: Annotated[Severity, BeforeValidator(_lower)]
    path: Annotated[str, first(1_000)]
    quote: Annotated[str, first(2_000)] = Field(description="1 to 6 lines copied from the new file")
    title: Annotated[str, first(120)] = Field(min_length=1, description="the defect in at most 12 words")
    description: Annotated[str, first(1_500)] = Field(min_length=1)
    recommendation: Annotated[str, first(1_000)] = ""
    confidence: float = Field(ge=0.0, le=1.0)
    suggestion: Annotated[str, first(4_000)] | None = None
    rule: Annotated[str, BeforeValidator(_slug)]


class ModelFindings(BaseModel):
    """The answer to a review question."""

    model_config = ConfigDict(frozen=True)

    findings: Annotated[tuple[ModelFinding, ...], first(FINDINGS_MAX)]
