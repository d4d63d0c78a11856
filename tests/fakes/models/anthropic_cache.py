"""Anthropic's prompt cache: what is marked is written once and read afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from tests.fakes.models.answers import Tokens
from tests.fakes.models.anthropic_request import AnthropicRequest
from tests.fakes.models.settling import CACHE_MIN_TOKENS, count


@dataclass(frozen=True)
class _Boundary:
    """The end of a block: all tokens up to here, what stands before, whether it is marked."""

    tokens: int
    digest: bytes
    marked: bool


class MarkedCache:
    """Prefixes that were marked with cache_control and answered."""

    def __init__(self) -> None:
        self._written: set[bytes] = set()

    def measure(self, request: AnthropicRequest) -> Tokens:
        """Input tokens, those read from the cache and those written to it among them.

        Tokens that shorter prompts than the cache's minimum mark are neither.
        """
        ends = list(_boundaries(request))
        marked = [end for end in ends if end.marked and end.tokens >= CACHE_MIN_TOKENS]
        if not marked:
            return Tokens(ends[-1].tokens, 0)
        last = marked[-1].tokens
        read = max(
            (end.tokens for end in ends if end.tokens <= last and end.digest in self._written), default=0
        )
        return Tokens(ends[-1].tokens, 0, read, last - read)

    def write(self, request: AnthropicRequest) -> None:
        """Keep what the request marked: the next one that begins so will read it."""
        ends = (end for end in _boundaries(request) if end.marked and end.tokens >= CACHE_MIN_TOKENS)
        self._written.update(end.digest for end in ends)


def _boundaries(request: AnthropicRequest) -> Iterator[_Boundary]:
    blocks = list(request.blocks)
    digest, tokens = blake2b(request.model.encode(), digest_size=16), 0
    for index, block in enumerate(blocks):
        content = {name: value for name, value in block.items() if name != "cache_control"}
        text = json.dumps(content, sort_keys=True)
        digest.update(text.encode())
        tokens += count(block["text"] if block["type"] == "text" else text)
        automatic = index == len(blocks) - 1 and bool(request.body.get("cache_control"))
        yield _Boundary(tokens, digest.digest(), automatic or bool(block.get("cache_control")))
