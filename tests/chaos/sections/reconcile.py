"""The receiver is away while 500 deliveries are sent."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.asked import Asked
from tests.chaos.parts import Part
from tests.chaos.sections.tests import Shown, part

MISSED = 500
SHOWN = Shown(
    f"{MISSED} deliveries that never arrived are asked for again and done",
    ("tests/journeys/test_reconcile.py",),
)


def parts(_: Asked) -> Iterator[Part]:
    """One."""
    yield part("reconcile", [SHOWN], {"QUORUM_MISSED_DELIVERIES": f"{MISSED}"})
