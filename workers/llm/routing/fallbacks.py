"""Who is asked when the first model doesn't answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

from workers.llm.routing.values import Offer

FALLBACKS_MAX = 5


def fallbacks_of(ranked: Sequence[Offer], named: Sequence[str]) -> tuple[Offer, ...]:
    """After the first of `ranked`: the models `named`, then another provider's, another family's, then by rank."""
    if not ranked:
        return ()
    first, rest = ranked[0], ranked[1:]
    wished = {
        offer.spec.name: offer for name in named for offer in rest if name in (offer.spec.name, offer.spec.id)
    }
    others = [offer for offer in rest if offer.spec.name not in wished]
    by_kinship = (offer for degree in range(4) for offer in others if _kinship(offer, first) == degree)
    return tuple(islice(chain(wished.values(), by_kinship), FALLBACKS_MAX))


def _kinship(offer: Offer, first: Offer) -> int:
    """0 for strangers; a common provider fails together more often than a common family."""
    return 2 * (offer.spec.provider == first.spec.provider) + (offer.spec.family == first.spec.family)
