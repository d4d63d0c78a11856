"""A row as plain values, for JSON: prices in US dollars per million tokens, null where nobody knows them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.cli.models.rows import Row
from workers.llm.pricing import PriceTag, Rate

KINDS = ("input", "cached", "written", "output")


def brief(row: Row) -> dict[str, Any]:
    """What `list` says of a model."""
    model = row.model
    return {
        "name": model.name,
        "provider": model.provider,
        "quality_prior": model.quality,
        "usd_per_million": prices(row.price),
        "context_tokens": model.context_tokens,
        "speed": model.speed,
        "strengths": list(model.strengths),
        "usable": not row.obstacle,
        "obstacle": row.obstacle or None,
    }


def whole(row: Row, *, key_set: bool) -> dict[str, Any]:
    """What `show` says of it; of a key only its variable and whether that is set."""
    model, spec = row.model, row.access.spec
    more = {
        "id": model.remote_id,
        "family": model.family,
        "output_max_tokens": model.output_max_tokens,
        "output_mode": model.output_mode,
        "price_origin": row.price.origin if row.price else None,
        "dearer_above_tokens": _steps(row.price),
        "wire": spec.wire.value,
        "address": address(spec.base_url),
        "key_variable": spec.api_key_env,
        "key_set": key_set,
        "local": spec.local,
        "batch": spec.batch,
        "limits": spec.limits.model_dump(),
    }
    return brief(row) | more


def prices(tag: PriceTag | None) -> dict[str, float] | None:
    """What holds now, for input of ordinary length."""
    if tag is None:
        return None
    rates = tag.rates()
    return {kind: float(_rate(rates, kind).base) for kind in KINDS}


def address(base_url: str | None) -> str | None:
    """Without a password, and without what may hold a key."""
    if base_url is None:
        return None
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return "no URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _steps(tag: PriceTag | None) -> list[dict[str, float]]:
    """Where long input makes all tokens dearer: from how many tokens, and what they cost then."""
    if tag is None:
        return []
    rates = tag.rates()
    return [
        {"above_tokens": step.above_tokens, "input": float(step.micros_per_token)}
        | {kind: float(_rate(rates, kind).at(step.above_tokens + 1)) for kind in KINDS[1:]}
        for step in rates.input.steps
    ]


def _rate(rates: object, kind: str) -> Rate:
    found: Rate = getattr(rates, kind)
    return found
