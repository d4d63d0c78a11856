"""FakeOpenRouter: chat completions as OpenRouter adorns them, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from starlette.routing import Route

from tests.fakes.models.answers import Failure, Tokens, Uncounted
from tests.fakes.models.completion import completion_json, events, sse
from tests.fakes.models.request import ModelRequest
from tests.fakes.models.server import FakeOpenAI
from tests.fakes.models.settling import Said

PROVIDER = "FakeHost"
NO_CREDIT = "Insufficient credits. Add more using https://openrouter.ai/settings/credits"
WORDS = {
    "invalid_api_key": (401, "User not found."),
    "insufficient_quota": (402, NO_CREDIT),
    "payment_required": (402, NO_CREDIT),
}
COMMENT = ": OPENROUTER PROCESSING\n\n"


class FakeOpenRouter(FakeOpenAI):
    """Says who answered and what it cost; `url` ends with /api/v1."""

    prefix: ClassVar[str] = "/api/v1"
    input_usd_per_mtok: float = 1.0
    cached_usd_per_mtok: float = 0.1
    output_usd_per_mtok: float = 5.0

    def _batch_routes(self) -> Iterable[Route]:
        """It has no batches."""
        return ()

    def _document(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> dict[str, Any]:
        return self._adorned(completion_json(asked, said, number, tokens), tokens)

    def _stream(
        self, asked: ModelRequest, said: Said, number: int, tokens: Tokens | Uncounted
    ) -> Iterator[str]:
        yield COMMENT
        for document in events(asked, said, number, tokens):
            yield sse(self._adorned(document, tokens))
        yield "data: [DONE]\n\n"

    def _adorned(self, document: dict[str, Any], tokens: Tokens | Uncounted) -> dict[str, Any]:
        for choice in document["choices"]:
            choice["native_finish_reason"] = choice["finish_reason"]
        if "usage" in document and isinstance(tokens, Tokens):
            document["usage"]["cost"] = self.cost_usd(tokens)
            document["usage"]["prompt_tokens_details"]["cache_write_tokens"] = tokens.written
        return document | {"provider": PROVIDER}

    def cost_usd(self, tokens: Tokens) -> float:
        """What these tokens cost at the fake's prices."""
        fresh = (tokens.input - tokens.cached) * self.input_usd_per_mtok
        return (
            fresh + tokens.cached * self.cached_usd_per_mtok + tokens.output * self.output_usd_per_mtok
        ) / 1e6

    def _row(self, name: str) -> dict[str, Any]:
        prices = {"prompt": self.input_usd_per_mtok, "completion": self.output_usd_per_mtok}
        pricing = {kind: f"{price / 1e6:.8f}" for kind, price in prices.items()}
        return {
            "id": name,
            "name": name,
            "created": 1_700_000_000,
            "context_length": 131_072,
            "pricing": pricing,
        }

    def _translate(self, failure: Failure) -> Failure:
        status, message = WORDS.get(failure.code or "", (failure.status, failure.message))
        if failure.code == "model_not_found":
            status, message = 400, f"{failure.message.split('`')[1]} is not a valid model ID"
        return Failure(status, message, failure.code, failure.type, failure.headers)

    def _error(self, failure: Failure) -> dict[str, Any]:
        """A failure with its status as a number, so that it can be told inside a 200 as well."""
        return {"error": {"code": failure.status, "message": failure.message}}
