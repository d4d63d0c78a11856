"""A scripted answer as what goes over the wire, whichever wire it is."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b

from tests.fakes.models.answers import Answer, Half, Huge, Reply, Tokens, ToolCall, Uncounted, Wrapped
from tests.fakes.models.request import ModelRequest

BYTES_PER_TOKEN = 4
CACHE_MIN_TOKENS = 1024
CACHE_STEP_TOKENS = 128
PIECE_CHARACTERS = 24

Said = Reply | ToolCall


def settle(answer: Answer, request: ModelRequest) -> Said:
    """The answer in one of the two forms that go over the wire, cut at the request's limit."""
    if isinstance(answer, Huge):
        return Reply("x" * answer.text_bytes)
    return _shorten(_plain(answer, request), request.output_max_tokens)


def _plain(answer: Answer, request: ModelRequest) -> Said:
    if isinstance(answer, Reply | ToolCall):
        return answer
    if isinstance(answer, str):
        return Reply(answer)
    if isinstance(answer, Wrapped):
        return Reply(f"Sure! Here is my review:\n\n```json\n{json.dumps(answer.value)}\n```\n\nLet me know!")
    if isinstance(answer, Half):
        text = json.dumps(answer.value)
        return Reply(text[: len(text) // 2], "length")
    if isinstance(answer, dict):
        return ToolCall(answer) if request.tools else Reply(json.dumps(answer, ensure_ascii=False))
    raise TypeError(f"a scripted answer can't be {type(answer).__name__}")


def _shorten(answer: Said, limit: int | None) -> Said:
    if isinstance(answer, ToolCall) or limit is None or len(answer.text.encode()) <= limit * BYTES_PER_TOKEN:
        return answer
    cut = answer.text.encode()[: limit * BYTES_PER_TOKEN].decode("utf-8", "ignore")
    return Reply(cut, "length", answer.tokens)


def count(text: str) -> int:
    """An estimate of tokens, at least one."""
    return max(1, len(text.encode()) // BYTES_PER_TOKEN)


def arguments(call: ToolCall) -> str:
    """The arguments of a call as JSON, or as whatever was scripted instead."""
    return call.arguments if isinstance(call.arguments, str) else json.dumps(dict(call.arguments))


def tool_name(call: ToolCall, request: ModelRequest) -> str:
    """The tool that is called: the one named, or the first one offered."""
    return call.name or str(request.tools[0]["name"])


def pieces(text: str) -> list[str]:
    """A text as a stream brings it."""
    return [text[start : start + PIECE_CHARACTERS] for start in range(0, len(text), PIECE_CHARACTERS)]


def usage(said: Said, asked: Tokens) -> Tokens | Uncounted:
    """Tokens used: as scripted, or estimated from `asked` (the input) and the answer."""
    if said.tokens is not None:
        return said.tokens
    output = count(said.text if isinstance(said, Reply) else arguments(said))
    return replace(asked, output=output)


class PrefixCache:
    """Beginnings that each model has read already, in steps, as providers keep them unasked."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def cached_tokens(self, model: str, text: str) -> int:
        """Tokens of the longest beginning read before; from now on this text is known."""
        whole, step = text.encode(), CACHE_STEP_TOKENS * BYTES_PER_TOKEN
        if len(whole) < CACHE_MIN_TOKENS * BYTES_PER_TOKEN:
            return 0
        digest, known, steps = blake2b(model.encode(), digest_size=16), True, 0
        for start in range(0, len(whole) - step + 1, step):
            digest.update(whole[start : start + step])
            mark = digest.digest()
            known = known and mark in self._seen
            steps += known
            self._seen.add(mark)
        tokens = steps * CACHE_STEP_TOKENS
        return tokens if tokens >= CACHE_MIN_TOKENS else 0
