"""genai-prices' offline list, turned into windows of rates. Nothing is fetched."""

from __future__ import annotations

from decimal import Decimal

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ConditionalPrice, ModelInfo, ModelPrice, TieredPrices

from workers.llm.pricing import Rate, Rates, Step, Window

MICROS_PER_THOUSAND_USD = Decimal(1_000)
"""Micro-dollars a piece, of a price in dollars per thousand."""


def listed(model: str, provider_id: str | None, base_url: str | None) -> tuple[Window, ...]:
    """The list's prices of `model` at a provider, known by its id or else its address; () when the list lacks them.

    A provider that the list doesn't know has no known price: a model of the same name elsewhere may cost anything.
    """
    if provider_id is None and base_url is None:
        return ()
    address = base_url if provider_id is None else None
    try:
        _, info = get_snapshot().find_provider_model(model, None, provider_id, address)
    except LookupError:
        return ()
    return _windows(info)


def _windows(info: ModelInfo) -> tuple[Window, ...]:
    """None is known unless all are: an entry without a price for text would make it free."""
    entries = info.prices if isinstance(info.prices, list) else [ConditionalPrice(prices=info.prices)]
    windows = [_window(entry) for entry in entries]
    known = tuple(window for window in windows if window is not None)
    return known if len(known) == len(windows) else ()


def _window(entry: ConditionalPrice) -> Window | None:
    rates = _rates(entry.prices)
    if rates is None:
        return None
    return Window(rates, entry.constraint.active if entry.constraint else None)


def _rates(price: ModelPrice) -> Rates | None:
    plain, output = _rate(price.input_mtok), _rate(price.output_mtok)
    if plain is None or output is None:
        return None
    return Rates(
        plain,
        _rate(price.cache_read_mtok) or plain,
        _rate(price.cache_write_mtok) or plain,
        output,
        _request(price.requests_kcount),
    )


def _rate(price: Decimal | TieredPrices | None) -> Rate | None:
    if isinstance(price, TieredPrices):
        return Rate(price.base, tuple(Step(tier.start, tier.price) for tier in price.tiers))
    return None if price is None else Rate(price)


def _request(price: Decimal | TieredPrices | None) -> Decimal:
    return price * MICROS_PER_THOUSAND_USD if isinstance(price, Decimal) else Decimal(0)
