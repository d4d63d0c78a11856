"""What models answer in the documentation pipeline, with every length bounded."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workers.llm.bounded import first

OVERVIEW = "overview"


class Reasoned(BaseModel):
    """A name, and why it is named."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, first(400)]
    why: Annotated[str, first(400)] = ""


class PagePlan(BaseModel):
    """What one module's page is to be."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[str, first(1_000)]
    category: Annotated[str, first(100)] = ""
    focus: Annotated[str, first(600)] = ""
    left_out: Annotated[tuple[Reasoned, ...], first(50)] = ()


class Plan(BaseModel):
    """The answer to a question about several modules."""

    model_config = ConfigDict(frozen=True)

    pages: Annotated[tuple[PagePlan, ...], first(100)]


class Written(BaseModel):
    """What was written about one symbol."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, first(400)]
    text: Annotated[str, first(6_000)]


class Draft(BaseModel):
    """A page's texts."""

    model_config = ConfigDict(frozen=True)

    overview: Annotated[str, first(6_000)]
    sections: Annotated[tuple[Written, ...], first(200)]


class Fuller(Draft):
    """A page's texts where the repository wants sections besides: one of `more` for each."""

    more: Annotated[tuple[Written, ...], first(20)]


class Judgement(BaseModel):
    """What somebody who read the source thinks of a page."""

    model_config = ConfigDict(frozen=True)

    score: float = Field(ge=0.0, le=1.0)
    wrong: Annotated[tuple[Reasoned, ...], first(100)] = ()
