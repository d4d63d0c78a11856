"""One target by hypothesis for some seconds: `python -m tests.fuzz.blind TARGET SECONDS`."""

from __future__ import annotations

import itertools
import sys
import time

import structlog
from hypothesis import HealthCheck, given, seed, settings

from tests.fuzz.targets import TARGETS
from tests.fuzz.texts import texts

EXAMPLES = 1_000


def main(name: str, seconds: str) -> None:
    """Each round with another seed; a failure is shown at its smallest, with its seed."""
    target = TARGETS[name]
    until = time.monotonic() + float(seconds)
    for number in itertools.takewhile(lambda _: time.monotonic() < until, itertools.count(time.time_ns())):

        @seed(number)
        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(texts(target))
        def holds(text: str) -> None:
            target.check(text)

        holds()


structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
main(*sys.argv[1:])
