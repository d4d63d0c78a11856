"""What endpoints say of their usage, put right before the SDKs read it: they trust numbers, and fail without any."""

from __future__ import annotations

import json
import math
from operator import is_
from typing import Any

TOKENS_MAX = 10_000_000
UNCOUNTED = {"input_tokens": 0, "output_tokens": 0}


def amended(body: bytes) -> bytes:
    """`body` with counts from 0 to `TOKENS_MAX`, and with the usage without which an SDK loses the answer.

    What is no JSON object, or has nothing wrong, comes back as it is.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(document, dict):
        return body
    changes = [_completed(document), *(_counted(document, name) for name in ("usage", "usageMetadata"))]
    return json.dumps(document).encode() if any(changes) else body


def _completed(document: dict[str, Any]) -> bool:
    """Fill in usage, which Anthropic's SDK can't miss; whether anything was missing."""
    if document.get("type") != "message":
        return False
    told = document.get("usage")
    usage = told if isinstance(told, dict) else {}
    missing = {name: 0 for name in UNCOUNTED if not isinstance(usage.get(name), int | float)}
    document["usage"] = usage | missing
    return bool(missing)


def _counted(document: dict[str, Any], name: str) -> bool:
    """Make sane what `document[name]` counts; whether anything had to be changed."""
    counts = document.get(name)
    if counts is None:
        return False
    bounded = _bounded(counts) if isinstance(counts, dict) else {}
    document[name] = bounded
    return bounded is not counts


def _bounded(counts: Any) -> Any:
    """`counts` itself when all its numbers are sane, or a copy in which they are."""
    if isinstance(counts, float) and not math.isfinite(counts):
        return 0
    if isinstance(counts, int | float):
        return counts if 0 <= counts <= TOKENS_MAX else min(max(counts, 0), TOKENS_MAX)
    if isinstance(counts, dict):
        sane = {key: _bounded(count) for key, count in counts.items()}
        return counts if all(sane[key] is counts[key] for key in counts) else sane
    if isinstance(counts, list):
        bounded = [_bounded(count) for count in counts]
        return counts if all(map(is_, bounded, counts)) else bounded
    return counts
