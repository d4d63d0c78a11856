"""Anthropic's prompt cache: what is marked is written once and read afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from tests.fakes.models.answers import Tokens
from tests.fakes.models.anthropic_request import AnthropicRequest
from tests.fakes.models.settling import CACHE_MIN_TOKENS, count


@dataclass(frozen=True)
class _Boundary:
    """The end of a block: all tokens up to here, what stands before, and for how long it is marked, if at all."""

    tokens: int
    digest: bytes
    ttl: str | None


class MarkedCache:
    """Prefixes that were marked with cache_control and answered."""

    def __init__(self) -> None:
        self._written: set[bytes] = set()

    def measure(self, request: AnthropicRequest) -> Tokens:
        """Input tokens, those read from the cache and those written to it among them.

        A prompt that is shorter than the cache's minimum is neither read nor written.
        """
        if "cache_control" not in request.raw:
            return Tokens(sum(map(_tokens, request.blocks)), 0)
        ends = list(_boundaries(request))
        marked = [end for end in ends if end.ttl and end.tokens >= CACHE_MIN_TOKENS]
        if not marked:
            return Tokens(ends[-1].tokens, 0)
        last = marked[-1].tokens
        read = max(
            (end.tokens for end in ends if end.tokens <= last and end.digest in self._written), default=0
        )
        long = max((end.tokens for end in marked if end.ttl == "1h"), default=0)
        return Tokens(ends[-1].tokens, 0, read, last - read, written_1h=max(0, long - read))

    def write(self, request: AnthropicRequest) -> None:
        """Keep what the request marked: the next one that begins so will read it."""
        ends = (end for end in _boundaries(request) if end.ttl and end.tokens >= CACHE_MIN_TOKENS)
        self._written.update(end.digest for end in ends)


def _boundaries(request: AnthropicRequest) -> Iterator[_Boundary]:
    blocks = list(request.blocks)
    digest, tokens = blake2b(_seed(request), digest_size=16), 0
    for index, block in enumerate(blocks):
        content = {name: value for name, value in block.items() if name != "cache_control"}
        digest.update(json.dumps(content, sort_keys=True).encode())
        tokens += _tokens(content)
        automatic = request.body.get("cache_control") if index == len(blocks) - 1 else None
        mark = block.get("cache_control") or automatic
        yield _Boundary(tokens, digest.digest(), mark.get("ttl", "5m") if mark else None)


def _seed(request: AnthropicRequest) -> bytes:
    """What a cache is of: the model, and the form of its answers, because that becomes a part of the prompt."""
    form = (request.body.get("output_config") or {}).get("format")
    return json.dumps([request.model, form], sort_keys=True).encode()


def _tokens(block: Mapping[str, Any]) -> int:
    return count(block["text"] if block["type"] == "text" else json.dumps(block))
