"""What a refuter may answer: a verdict on each claim by its number, with every length bounded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workers.llm.bounded import first

VERDICTS_MAX = 40
REASON_MAX_CHARS = 300
QUOTE_MAX_CHARS = 2_000

Word = Literal["stands", "refuted", "unsure"]


def _verdict(value: Any) -> Any:
    """Any other word is none of the two that count."""
    word = value.strip().lower() if isinstance(value, str) else value
    return word if word in ("stands", "refuted") else "unsure"


def _plain(value: Any) -> Any:
    """One line of text, at its length limit."""
    return " ".join(value.split())[:REASON_MAX_CHARS] if isinstance(value, str) else value


class ModelVerdict(BaseModel):
    """What a model holds of one claim."""

    model_config = ConfigDict(frozen=True)

    claim: int = Field(description="the claim's number")
    verdict: Annotated[Word, BeforeValidator(_verdict)]
    reason: Annotated[str, BeforeValidator(_plain)] = Field(default="", description="one sentence")
    quote: Annotated[str, first(QUOTE_MAX_CHARS)] = Field(
        default="", description="code copied from the files"
    )


class ModelVerdicts(BaseModel):
    """The answer to a refuter's question."""

    model_config = ConfigDict(frozen=True)

    verdicts: Annotated[tuple[ModelVerdict, ...], first(VERDICTS_MAX)]


def by_claim(verdicts: Iterable[ModelVerdict]) -> dict[int, ModelVerdict]:
    """The verdict on each claim. Who says two things of one is unsure."""
    found: dict[int, ModelVerdict] = {}
    for one in verdicts:
        other = found.setdefault(one.claim, one)
        if other.verdict != one.verdict:
            found[one.claim] = other.model_copy(update={"verdict": "unsure"})
    return found
