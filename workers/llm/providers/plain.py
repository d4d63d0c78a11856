"""What is plain in an answer's document: nothing but what is known, each of its kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workers.llm.providers.amending import TOKENS_MAX

Count = Annotated[int, Field(ge=0, le=TOKENS_MAX)]
Text = Annotated[str, Field(min_length=1)]


class Plain(BaseModel):
    """A part of a document. What has anything else is left to the SDK, which knows more."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
