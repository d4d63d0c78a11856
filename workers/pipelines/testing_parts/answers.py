"""What a model answers in the tests pipeline."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

FILE_MAX_CHARS = 40_000


class Written(BaseModel):
    """A test file. One that is too long is refused, not cut: half a file is none."""

    model_config = ConfigDict(frozen=True)

    file: str = Field(min_length=1, max_length=FILE_MAX_CHARS, description="the whole file")
