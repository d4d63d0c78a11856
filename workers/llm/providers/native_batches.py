"""The batches that pydantic-ai's models know by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import Model
from pydantic_ai.models.batch import Batch, BatchRequest, BatchResult

from workers.llm.provider import ProviderError

CANCELLED = 499
"""What Google says of a whole batch that was cancelled."""
_HANDLES = TypeAdapter(Batch)


class NativeBatches:
    """A ticket is pydantic-ai's handle of the batch as JSON."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def create(self, requests: Sequence[BatchRequest]) -> str:
        """Start the batch; its ticket."""
        encoded = [await self._model.batch_encode(request) for request in requests]
        return _HANDLES.dump_json(await self._model.batch_create(encoded)).decode()

    async def lines(self, ticket: str) -> dict[str, BatchResult] | None:
        """None while the batch runs, then what became of its questions; those that never ran are missing."""
        batch = await self._model.batch_status(_read(ticket))
        if batch.status != "ended":
            return None
        try:
            results = await self._model.batch_results(batch)
        except ModelHTTPError as error:
            if error.status_code != CANCELLED:
                raise
            return {}
        return {result.custom_id: result for result in results if result.status in ("succeeded", "errored")}

    async def cancel(self, ticket: str) -> None:
        """Ask for the end of a batch that runs."""
        batch = await self._model.batch_status(_read(ticket))
        if batch.status == "in_progress":
            await self._model.batch_cancel(batch)

    async def decode(self, line: BatchResult, request: BatchRequest) -> ModelResponse:
        """The answer in `line`; raises what asking alone would have raised."""
        return self._model.batch_decode(line, request)


def _read(ticket: str) -> Batch:
    try:
        return _HANDLES.validate_json(ticket)
    except ValidationError:
        raise ProviderError("not found", "this is no ticket of a batch") from None
