"""pydantic-ai's response as our answer, with token counts that can be reckoned with."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from pydantic_ai.messages import TextPart, ToolCallPart

from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.providers.amending import TOKENS_MAX

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse

CHARS_PER_TOKEN = 4
SAID = (TextPart, ToolCallPart)


def answer(response: ModelResponse, question: Question) -> Answer:
    """The text of the answer, or the arguments of the answering tool; raises ProviderError when there is neither."""
    text = "\n".join(_said(part) for part in response.parts if isinstance(part, SAID))
    if response.finish_reason == "content_filter":
        raise ProviderError("refused", "the model refused to answer", may_cost=True)
    if response.finish_reason == "error" and not text:
        message = "the model broke off without an answer"
        raise ProviderError("invalid answer", message, retryable=True, may_cost=True)
    if response.finish_reason is None and not response.parts:
        message = "the endpoint answered with something that is no completion"
        raise ProviderError("unavailable", message, retryable=True, may_cost=True)
    usage = response.usage
    input_tokens = _sane(usage.input_tokens) or _estimate(_asked(question))
    cached_tokens = min(_sane(usage.cache_read_tokens), input_tokens)
    return Answer(
        text=text,
        input_tokens=input_tokens,
        cached_tokens=cached_tokens,
        written_tokens=min(_sane(usage.cache_write_tokens), input_tokens - cached_tokens),
        output_tokens=_sane(usage.output_tokens) or _estimate(len(text)),
        truncated=response.finish_reason == "length",
    )


def _said(part: TextPart | ToolCallPart) -> str:
    """Arguments as they came, broken JSON too: the parser has to see what the model wrote."""
    if isinstance(part, TextPart):
        return part.content
    return part.args if isinstance(part.args, str) else part.args_as_json_str()


def _sane(tokens: object) -> int:
    """A count between 0 and `TOKENS_MAX`, whatever the endpoint claims; 0 for what is no number."""
    if not isinstance(tokens, int | float) or (isinstance(tokens, float) and math.isnan(tokens)):
        return 0
    return int(min(max(tokens, 0), TOKENS_MAX))


def _asked(question: Question) -> int:
    """Characters of the question."""
    turns = sum(len(turn.text) for turn in question.turns)
    return len(question.system) + turns + len(json.dumps(question.schema))


def _estimate(chars: int) -> int:
    """Tokens of a text when the endpoint doesn't say: no prompt is free of them."""
    return min(-(-chars // CHARS_PER_TOKEN), TOKENS_MAX)
