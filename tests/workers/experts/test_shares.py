"""The money is split over all sides, and no guess takes any from security."""

from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from workers.domain.finding import Aspect
from workers.experts.intent_values import Intent
from workers.experts.shares import SECURITY_MIN_SHARE, by_share, shares

SIDES = st.lists(st.sampled_from(Aspect), unique=True)
INTENTS = st.none() | st.builds(
    Intent, most=SIDES.map(tuple), least=SIDES.map(lambda sides: tuple(set(sides) - {Aspect.SECURITY}))
)


@given(SIDES, INTENTS)
def test_shares_add_up_and_leave_nobody_out(sides: list[Aspect], intent: Intent | None) -> None:
    found = shares(sides, intent)
    assert list(found) == sides
    assert all(share > 0 for share in found.values())
    assert not sides or isclose(sum(found.values()), 1)
    assert sorted(by_share(sides, intent)) == sorted(sides)


@given(SIDES, INTENTS)
def test_security_keeps_at_least_what_it_has_without_a_guess(
    sides: list[Aspect], intent: Intent | None
) -> None:
    if Aspect.SECURITY in sides:
        kept = shares(sides, intent)[Aspect.SECURITY]
        assert kept >= max(shares(sides)[Aspect.SECURITY], SECURITY_MIN_SHARE)


def test_what_matters_gets_more_and_what_does_not_less() -> None:
    sides = (Aspect.SECURITY, Aspect.QUALITY, Aspect.TESTS, Aspect.DOCUMENTATION)
    found = shares(sides, Intent(most=(Aspect.TESTS,), least=(Aspect.DOCUMENTATION,)))
    assert found[Aspect.TESTS] > found[Aspect.QUALITY] > found[Aspect.DOCUMENTATION]
