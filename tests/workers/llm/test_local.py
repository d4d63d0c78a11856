"""The ports of the command line: one process, nothing shared."""

from __future__ import annotations

from config.catalogue import RateLimits
from workers.domain.budget import Limit, Payer, Period, Refusal, Reservation, Spender
from workers.domain.profile import Observation
from workers.domain.rate import Permit
from workers.llm.local import FULL_WAIT_S, LocalBudget, LocalHealth, LocalLimiter, LocalProfiles, NoAnswers

SPENDER = Spender(1, 10, "run")
RUN = Limit(Payer.REPOSITORY, Period.RUN, 100)
CALL = Limit(Payer.REPOSITORY, Period.CALL, 60)


async def reserved(budget: LocalBudget, micros: int) -> Reservation:
    found = await budget.reserve(SPENDER, (RUN,), micros)
    assert isinstance(found, Reservation)
    return found


async def test_what_is_put_aside_is_not_left() -> None:
    budget = LocalBudget()
    await reserved(budget, 30)
    assert await budget.left(SPENDER, (RUN,)) == 70


async def test_more_than_is_left_is_refused_with_the_limit() -> None:
    budget = LocalBudget()
    await reserved(budget, 30)
    assert await budget.reserve(SPENDER, (RUN,), 71) == Refusal(RUN, 70)


async def test_all_that_is_left_may_be_spent() -> None:
    assert isinstance(await LocalBudget().reserve(SPENDER, (RUN,), 100), Reservation)


async def test_a_settled_call_counts_what_it_cost() -> None:
    budget = LocalBudget()
    await budget.settle(await reserved(budget, 30), 10)
    assert await budget.left(SPENDER, (RUN,)) == 90


async def test_a_call_counts_once_however_often_it_is_settled() -> None:
    budget = LocalBudget()
    found = await reserved(budget, 30)
    await budget.settle(found, 10)
    await budget.settle(found, 10)
    await budget.refund(found)
    assert budget.spent_micros == 10


async def test_what_is_refunded_is_left_again() -> None:
    budget = LocalBudget()
    await budget.refund(await reserved(budget, 30))
    assert await budget.left(SPENDER, (RUN,)) == 100


async def test_a_limit_of_one_call_is_never_used_up() -> None:
    budget = LocalBudget()
    for _ in range(3):
        assert isinstance(await budget.reserve(SPENDER, (CALL,), 60), Reservation)
    assert await budget.reserve(SPENDER, (CALL,), 61) == Refusal(CALL, 60)


async def test_without_limits_nothing_is_left_to_tell() -> None:
    assert await LocalBudget().left(SPENDER, ()) is None


async def test_a_full_key_tells_to_wait_until_somebody_is_done() -> None:
    limiter, limits = LocalLimiter(), RateLimits(concurrency=1)
    permit = await limiter.take("key", limits, 10)
    assert isinstance(permit, Permit)
    assert await limiter.take("key", limits, 10) == FULL_WAIT_S
    await limiter.done(permit, 10)
    assert isinstance(await limiter.take("key", limits, 10), Permit)


async def test_each_key_has_room_of_its_own() -> None:
    limiter, limits = LocalLimiter(), RateLimits(concurrency=1)
    await limiter.take("one", limits, 10)
    assert isinstance(await limiter.take("other", limits, 10), Permit)


async def test_nobody_is_thought_ill() -> None:
    health = LocalHealth()
    await health.failed("a", "unavailable")
    assert await health.unhealthy() == frozenset()


async def test_no_answer_is_kept() -> None:
    answers = NoAnswers()
    assert await answers.lead("key", 1.0)
    await answers.put("key", "{}")
    assert await answers.get("key") is None
    assert await answers.wait("key", 1.0) is None
    assert await answers.lead("key", 1.0)


async def test_profiles_hold_what_was_seen_in_this_process() -> None:
    profiles = LocalProfiles()
    await profiles.learn([Observation("a", "review", seconds=2.0), Observation("a", "review", seconds=4.0)])
    known = await profiles.known()
    assert list(known) == [("a", "review", "seconds")]
    assert 2.0 < known["a", "review", "seconds"].mean < 4.0
