"""How the figures of a load are reckoned."""

from __future__ import annotations

import pytest

from tests.chaos.load_figures import Point, Sent, first_and_last, slope_per_min
from tests.chaos.load_judged import Machine, on_latency, on_limit, on_machine, on_pace

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
    ("ours", "bare", "holds"),
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
def test_latency_is_judged_beside_the_bare_server_where_the_machine_did_not_stay_as_it_was(
    ours: list[Point], bare: list[Point], holds: bool | None
) -> None:
    sent = Sent({"202": 300}, ours, bare)
    assert [one.holds for one in on_latency(sent, 30, on_machine(sent, 30))] == [holds, holds]


@pytest.mark.parametrize(
    ("slower", "kept", "holds"), [(1.0, 79, False), (1.5, 60, True), (1.5, 40, None), (0.5, 79, False)]
)
def test_the_limit_in_the_end_may_be_as_much_lower_as_the_machine_is_slower(
    slower: float, kept: int, holds: bool | None
) -> None:
    assert on_limit(Sent({"202": 100}, ()), Sent({"202": kept}, ()), Machine(1.0, slower)).holds is holds


def test_a_receiver_that_falls_behind_is_told_unless_the_machine_did() -> None:
    behind = [(due / 10, 20_000.0 * due / 300) for due in range(300)]
    assert on_pace(Sent({}, STEADY), 10, 30, Machine(1.0, 2.0)).holds
    assert on_pace(Sent({}, behind), 10, 30, Machine(1.0, 1.0)).holds is False
    assert on_pace(Sent({}, behind), 10, 30, Machine(1.0, 2.0)).holds is None
