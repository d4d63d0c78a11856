"""Which models were asked, or would be, for people at a terminal."""

from __future__ import annotations

from dataclasses import replace

from bot.cli.formats.asked import asked
from tests.workers.github.reviews_by_hand import CALL, review
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN
from workers.domain.usage import Usage
from workers.pipelines.notices import STATIC_ONLY

PLANNED = replace(CALL, outcome=DRY_RUN, usage=Usage())


def test_calls_stand_beside_what_was_expected_and_what_the_strongest_would_have_cost() -> None:
    made = review(calls=(CALL, replace(CALL, model="mid-b")))
    assert list(asked(made)) == [
        "models: 2 calls to mid-a, mid-b, $0.0074 (expected $0.0080); big-a would have cost $0.0800; "
        "80% by evidence, severity, advice and repetition"
    ]


def test_what_nobody_knows_is_unknown() -> None:
    call = replace(CALL, usage=Usage(1, 10, 0, 5, None), expected_micros=None, premium_micros=None)
    assert list(asked(review(calls=(call,), quality=None))) == [
        "models: 1 call to mid-a, unknown (expected unknown); big-a would have cost unknown; quality unknown"
    ]


def test_the_strongest_model_is_not_compared_with_itself() -> None:
    (line,) = asked(review(calls=(replace(CALL, premium_model="mid-a"),)))
    assert "would have cost" not in line


def test_without_a_configured_model_it_says_how_to_have_one() -> None:
    (line,) = asked(review(calls=(), notices=(STATIC_ONLY,)))
    assert line.startswith("models: none is configured, $0; set QUORUM_PROVIDERS=auto and a provider's key")


def test_models_that_had_nothing_to_read_cost_nothing() -> None:
    assert list(asked(review(calls=(), notices=()))) == ["models: none was asked, $0"]


def test_a_dry_run_shows_each_question_and_the_sums() -> None:
    planned = (Planned(("a.py", "b.py"), PLANNED), Planned(("c.py",), replace(PLANNED, model="mid-b")))
    assert list(asked(review(calls=(PLANNED, PLANNED), planned=planned))) == [
        "dry run: nobody was asked; this would be:",
        "  1. mid-a (somewhere) about a.py, b.py: $0.0040 as a rule, $0.0090 at worst",
        "     mid-a answers review/security (moderate)",
        "  2. mid-b (somewhere) about c.py: $0.0040 as a rule, $0.0090 at worst",
        "     mid-a answers review/security (moderate)",
        "models: 2 questions planned, $0.0080 as a rule, $0.0180 at worst; a repair or another try costs extra",
    ]


def test_one_unknown_price_makes_the_sum_unknown() -> None:
    unknown = replace(PLANNED, expected_micros=None, estimated_micros=None)
    planned = (Planned(("a.py",), PLANNED), Planned(("b.py",), unknown))
    assert list(asked(review(planned=planned)))[-1].startswith(
        "models: 2 questions planned, unknown as a rule, unknown at worst"
    )
