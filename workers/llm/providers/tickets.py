"""pydantic-ai's handle of a batch as text, to be kept until the batch has ended."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from pydantic_ai.models.batch import Batch

_HANDLES = TypeAdapter(Batch)


def written(batch: Batch) -> str:
    """The handle as JSON."""
    return _HANDLES.dump_json(batch).decode()


def read(ticket: str) -> Batch | None:
    """The handle; None when `ticket` is none."""
    try:
        return _HANDLES.validate_json(ticket)
    except ValidationError:
        return None
