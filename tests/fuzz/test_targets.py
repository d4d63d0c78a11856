"""What strangers send is read or refused, by a named error, in linear time. Longer: `make fuzz`."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from structlog.testing import capture_logs

from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.texts import texts

EXAMPLES = 60
SMALL_CHARS = 1_500
GROWTH = 8
RATIO_MAX = 4.0
"""Time for `GROWTH` times the text, over `GROWTH` times the time; quadratic work would be 8."""
NOTHING_S = 0.02
"""Below this, a figure tells of the machine alone."""


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_anything_is_read_or_refused(target: Target) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(texts(target))
    def holds(text: str) -> None:
        with capture_logs():
            target.check(text)

    holds()


def seconds(target: Target, text: str) -> float:
    """Processor time of the faster of two runs."""
    taken = []
    for _ in range(2):
        began = time.process_time()
        target.work(text)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_time_grows_with_the_text_and_not_with_its_square(target: Target) -> None:
    gc.collect()
    for piece in target.hostile:
        small = piece * (SMALL_CHARS // len(piece))
        large = seconds(target, small * GROWTH)
        assert large < NOTHING_S or large / (GROWTH * seconds(target, small)) < RATIO_MAX, repr(piece)
