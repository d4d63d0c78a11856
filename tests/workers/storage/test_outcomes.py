"""What people did with findings, kept and learned from once, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.fakes.clock import Clock
from tests.workers.experts.changes import finding
from tests.workers.storage.telling import tell
from workers.domain.adjudication import Earlier, Fate, Round
from workers.domain.finding import Source
from workers.domain.outcome import How, Outcome, Record, Resolution
from workers.domain.work import ThreadSeen
from workers.storage.database import Database
from workers.storage.findings import FindingStore
from workers.storage.outcomes import PERSON_COUNTED_MAX, REPOSITORY_COUNTED_MAX, OutcomeStore, Settled
from workers.storage.profiles import ProfileStore

BOTH = (Source("model", "big"), Source("model", "small"), Source("tool", "ruff", "S602"))


async def say(database: Database, *marks: str, repo_id: int = 10, number: int = 1) -> None:
    """Findings that two models and a tool stated."""
    told = [Earlier(replace(finding(), fingerprint=mark, sources=BOTH)) for mark in marks]
    await FindingStore(database, Clock()).keep(repo_id, number, Round(1, "a", "b"), told)


def outcome(mark: str, fate: Fate = Fate.FIXED, *, actor_id: int = 5, weighs: bool = True) -> Outcome:
    return Outcome(mark, fate, How.REACTION, 3.0, actor_id, "mona", weighs=weighs)


async def weights(database: Database) -> dict[str, tuple[float, float]]:
    """Model → how much was heard of it, and the share that was right."""
    known = await ProfileStore(database, Clock()).known()
    return {model: (round(one.weight, 2), round(one.mean, 2)) for (model, _, _), one in known.items()}


async def test_what_is_kept_comes_back_and_the_last_word_counts(database: Database) -> None:
    store = OutcomeStore(database, Clock(), lambda text: text.replace("secret", "***"))
    declined = replace(outcome("f1", Fate.DECLINED), reason="a secret\0 reason")
    await store.keep(10, 1, [outcome("f1"), outcome("f2")])
    await store.keep(10, 1, [declined])
    assert await store.known(10, 1) == {"f1": replace(declined, reason="a *** reason"), "f2": outcome("f2")}


async def test_each_outcome_is_learned_from_once_however_often_it_is_read(database: Database) -> None:
    """Not again by a later word either, nor by workers that come at the same time."""
    await say(database, "f1", "f2", "f3", "f4")
    store = OutcomeStore(database, Clock())
    said = [
        outcome("f1", Fate.ACCEPTED),
        outcome("f2", Fate.DISMISSED),
        outcome("f3", Fate.OUTDATED),
        outcome("f4", weighs=False),
    ]
    await store.keep(10, 1, said)
    settled = await asyncio.gather(*(store.settle(10, 1, "review") for _ in range(3)))
    assert sum(one.counted for one in settled) == 2
    await store.keep(10, 1, [outcome("f1", Fate.DECLINED), *said[1:]])
    assert await store.settle(10, 1, "review") == Settled()
    assert await weights(database) == {"big": (1.99, 0.5), "small": (1.99, 0.5)}


@pytest.mark.parametrize("by_person", [True, False])
async def test_nobody_and_no_repository_says_more_than_its_share(database: Database, by_person: bool) -> None:
    most = PERSON_COUNTED_MAX if by_person else REPOSITORY_COUNTED_MAX
    marks = [f"f{at}" for at in range(most + 3)]
    await say(database, *marks)
    clock = Clock()
    store = OutcomeStore(database, clock)
    await store.keep(10, 1, [outcome(mark, actor_id=5 if by_person else at) for at, mark in enumerate(marks)])
    assert await store.settle(10, 1, "review") == Settled(most, 3)
    await say(database, "later", number=2)
    await store.keep(10, 2, [outcome("later")])
    assert await store.settle(10, 2, "review") == Settled(0, 1)
    clock.advance(31 * 86_400)
    await say(database, "much later", number=3)
    await store.keep(10, 3, [outcome("much later")])
    assert await store.settle(10, 3, "review") == Settled(1, 0)


async def test_what_has_stood_for_long_is_learned_from_without_an_end(database: Database) -> None:
    clock = Clock()
    await say(database, "f1", "f2")
    store = OutcomeStore(database, clock)
    await store.keep(10, 1, [outcome("f1")])
    clock.advance(100)
    await store.keep(10, 1, [outcome("f2"), outcome("f1")])
    assert await store.settle_before(clock() - 50, "review") == Settled(1, 0)
    assert [(one.fate, one.speakers) for one in await store.labelled()] == [
        (Fate.FIXED, ("big", "small"))
    ] * 2


async def test_a_repositorys_record_is_by_rule_and_person(database: Database) -> None:
    await say(database, "f1", "f2", "f3", "f4")
    await say(database, "f1", repo_id=11)
    store = OutcomeStore(database, Clock())
    said = [outcome("f1"), outcome("f2", Fate.DECLINED), outcome("f3", Fate.DISMISSED, actor_id=6)]
    await store.keep(10, 1, [*said, outcome("f4", Fate.DECLINED, weighs=False)])
    await store.keep(11, 1, [outcome("f1", Fate.DECLINED)])
    aspect, rule = finding().aspect, finding().rule
    assert await store.records(10) == [Record(aspect, rule, 5, 1, 1), Record(aspect, rule, 6, 0, 1)]


async def test_what_people_say_is_the_fate_of_the_next_round_until_they_take_it_back(
    database: Database,
) -> None:
    await say(database, "f1", "f2", "f3")
    store, findings = OutcomeStore(database, Clock()), FindingStore(database, Clock())
    no = replace(outcome("f1", Fate.DECLINED), actor="the author", reason="intended")
    await store.keep(10, 1, [no, outcome("f2", Fate.ACCEPTED), outcome("f3", Fate.OUTDATED)])
    last, told = await findings.read(10, 1)
    fates = {one.finding.fingerprint: (one.fate, one.reason) for one in told}
    declined = (Fate.DECLINED, 'by the author ("intended")')
    assert fates == {"f1": declined, "f2": (Fate.ACCEPTED, ""), "f3": (Fate.OPEN, "")}
    assert last is not None
    await findings.keep(10, 1, replace(last, generation=2), told)
    await store.keep(10, 1, [Outcome(mark, Fate.OPEN, How.ROUND, 9.0) for mark in ("f1", "f2")])
    assert {one.fate for one in (await findings.read(10, 1))[1]} == {Fate.OPEN}


async def test_threads_that_stand_resolved_are_known(database: Database) -> None:
    seen = ThreadSeen(1, 10, 1, 7, True, 5, "mona")
    await tell(database, seen, replace(seen, comment_id=8), at=4.0)
    await tell(database, replace(seen, comment_id=8, resolved=False), at=5.0)
    store = OutcomeStore(database, Clock())
    assert await store.resolutions(10, 1) == {7: Resolution(5, "mona", 4.0)}
