"""How the figures of a load are reckoned."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.chaos.load_figures import Point, Sent, first_and_last, slope_per_min, taken_per_pulse
from tests.chaos.load_judged import on_latency, on_limit, on_pace
from tests.chaos.load_pace import Pace, Pulses

STEADY = [(due / 10, 5.0) for due in range(300)]
SLOWER = [(due / 10, 5.0 + due / 10) for due in range(300)]
FASTER = [(due / 10, 35.0 - due / 10) for due in range(300)]


@pytest.mark.parametrize(
    ("points", "slope"),
    [
        ([], 0.0),
        ([(1.0, 50.0)], 0.0),
        ([(0.0, 50.0), (30.0, 51.0), (60.0, 52.0)], 2.0),
        ([(0.0, 50.0), (10.0, 53.0), (20.0, 50.0)], 0.0),
    ],
    ids=["nothing", "one look", "steady growth", "up and down"],
)
def test_growth_is_the_slope_of_all_looks(points: list[tuple[float, float]], slope: float) -> None:
    assert slope_per_min(points) == pytest.approx(slope)


def test_a_hiccup_is_one_window_and_a_stop_is_told_by_all_that_was_due_in_it() -> None:
    hiccup = [(due, 900.0 if 5 <= due < 6 else 1.0) for due in range(45)]
    stopped = [(due, 1000.0 * (46 - due) if due >= 35 else 1.0) for due in range(45)]
    assert first_and_last(hiccup, 45, 99) == (1.0, 1.0)
    assert first_and_last(stopped, 45, 50)[1] > 1000


def doubled(points: list[Point], since_s: float = 10.0) -> list[Point]:
    """The same, where all takes twice as long from a moment on."""
    return [(due, taken * (2 if due >= since_s else 1)) for due, taken in points]


def noisy(points: list[Point]) -> list[Point]:
    """Every second window takes four times as long."""
    return [(due, taken * (4 if int(due / 5) % 2 else 1)) for due, taken in points]


@pytest.mark.parametrize(
    ("ours", "pulses", "holds"),
    [
        (STEADY, STEADY, True),
        (SLOWER, STEADY, False),
        (SLOWER, SLOWER, True),
        (STEADY, SLOWER, True),
        (doubled(doubled(STEADY)), doubled(STEADY), None),
        (noisy(doubled(STEADY)), doubled(STEADY), None),
        (noisy(STEADY), doubled(STEADY), True),
        (STEADY, FASTER, None),
        (FASTER, FASTER, True),
        (SLOWER, FASTER, False),
    ],
    ids=[
        "flat",
        "slower",
        "the machine is slower",
        "the machine is slower and we are not",
        "a slower machine, and we are slower than that",
        "a slower machine, and more noise than there is to be shown",
        "a slower machine, much noise, and we are as ever",
        "a faster machine, and we are as ever",
        "a faster machine",
        "slower on a faster machine",
    ],
)
def test_latency_is_judged_beside_the_pulse_where_the_machine_did_not_stay_as_it_was(
    ours: list[Point], pulses: list[Point], holds: bool | None
) -> None:
    sent = Sent({"202": 300}, ours, pulses)
    assert [one.holds for one in on_latency(sent, 30)] == [holds, holds]


def test_what_is_taken_is_counted_by_the_second_beside_the_pulse() -> None:
    taken = [(number / 100, 1.0) for number in range(200)] + [(2 + number / 50, 1.0) for number in range(50)]
    pulses = [(number / 10, 0.5) for number in range(20)] + [(2 + number / 10, 0.8) for number in range(20)]
    assert taken_per_pulse(Sent({}, taken, pulses), 3) == pytest.approx([0.05, 0.05, 0.04])


@pytest.mark.parametrize(("last", "holds"), [([0.79, 0.79, 1.2], False), ([0.1, 0.8, 0.8], True)])
def test_a_limit_that_got_lower_is_told(last: list[float], holds: bool) -> None:
    assert on_limit([0.5, 1.0, 1.0], last).holds is holds


def test_a_receiver_that_falls_behind_is_told() -> None:
    behind = [(due / 10, 20_000.0 * due / 300) for due in range(300)]
    assert on_pace(Sent({}, STEADY, due=300), 30).holds
    assert on_pace(Sent({}, behind, due=300), 30).holds is False
    assert on_pace(Sent({}, STEADY, due=310), 30).holds is False


async def test_what_is_due_goes_by_the_pulse() -> None:
    lines = asyncio.StreamReader()
    pulses = Pulses(per_pulse=2.0, seconds=60.0)
    for pulse_ms, rate_s in ((b"1.0", 2000.0), (b"4.0", 800.0), (b"4.0", 500.0)):
        lines.feed_data(pulse_ms + b"\n")
        await pulses.heard(lines)
        assert pulses.rate_s == pytest.approx(rate_s)
    dues = Pace(pulses, 10).dues(5)
    pulses.began = time.perf_counter()
    assert [next(dues) - pulses.began, next(dues) - pulses.began] == pytest.approx([0.01, 0.03])
