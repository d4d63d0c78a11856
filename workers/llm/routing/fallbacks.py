"""Who is asked when the first model doesn't answer."""

from __future__ import annotations

from collections.abc import Sequence

from workers.llm.routing.values import Offer

FALLBACKS_MAX = 5


def fallbacks_of(ranked: Sequence[Offer], named: Sequence[str]) -> tuple[Offer, ...]:
    """After the first of `ranked`: the models `named`, then another provider's, another family's, then by rank."""
    if not ranked:
        return ()
    first, rest = ranked[0], ranked[1:]
    place = {name: index for index, name in reversed(list(enumerate(named)))}

    def order(offer: Offer) -> tuple[int, bool, bool]:
        spec = offer.spec
        wish = min(place.get(spec.name, len(named)), place.get(spec.id, len(named)))
        return wish, spec.provider == first.spec.provider, spec.family == first.spec.family

    return tuple(sorted(rest, key=order)[:FALLBACKS_MAX])
