"""People are heard before a round and when the pull request ends; what comes of it is learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from config.operator import OperatorRules
from config.repository import RepositoryConfig
from tests.fakes.github import Fault
from tests.workers.experts.changes import finding
from tests.workers.github.octo import HEAD, NAME
from tests.workers.jobs.desk import Desk
from tests.workers.storage.telling import tell
from tests.workers.storage.wanting import LEASE_S
from workers.domain.adjudication import Adjudication, Converged, Earlier, Fate, Past, Round
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.command import Dismissal
from workers.domain.finding import Finding, Severity, Source
from workers.domain.outcome import How, Outcome
from workers.domain.review import Review, Verdict
from workers.domain.work import Priority, ThreadSeen, Want, WorkKey
from workers.github.collaborators import Permissions
from workers.github.markers import finding_marker
from workers.github.reviews import find_review_comment, post_review
from workers.github.values import InlineComment
from workers.jobs.afterwards import Posted
from workers.jobs.hearing import Hearing
from workers.jobs.outcomes import LastHearing, RoundOutcomes, Settling
from workers.jobs.rules import RuleBook
from workers.jobs.turns import Held
from workers.storage.configurations import ConfigurationStore
from workers.storage.dismissals import DismissalStore
from workers.storage.findings import FindingStore
from workers.storage.lease import Lease
from workers.storage.outcomes import OutcomeStore
from workers.storage.profiles import ProfileStore
from workers.storage.work import bump

MARK = "0" * 16
SAID = replace(
    finding(path="app.py", line=10, severity=Severity.MEDIUM, evidence="line 10 changed"),
    sources=(Source("model", "big"),),
    fingerprint=MARK,
)
CONFIG = RepositoryConfig()
HEAD_TEXTS = {path: text for path, text in HEAD.items() if isinstance(text, str)}


def hearing(desk: Desk) -> Hearing:
    return Hearing(
        OutcomeStore(desk.database, desk.clock),
        FindingStore(desk.database, desk.clock),
        DismissalStore(desk.database),
        Permissions(lambda: 0.0, ttl_s=0.0),
        desk.clock,
    )


def last_of(desk: Desk) -> Round:
    """A round that read the present head."""
    return Round(1, desk.octo.sha, "b" * 40)


async def said(desk: Desk, what: Finding = SAID, body: str = "why") -> int:
    """A finding that was said and kept; the id of its comment."""
    repo_id, number, marker = desk.key.repo_id, desk.key.number, finding_marker(what.fingerprint)
    await FindingStore(desk.database, desk.clock).keep(repo_id, number, last_of(desk), [Earlier(what)])
    comment = InlineComment("app.py", 10, f"{body}\n\n{marker}", what.fingerprint)
    await post_review(desk.octo.client, NAME, 1, desk.octo.sha, "one", [comment])
    posted = await find_review_comment(desk.octo.client, NAME, 1, marker, desk.octo.bot_id)
    assert posted is not None
    return posted.id


async def outcomes(desk: Desk) -> dict[str, Outcome]:
    return dict(await OutcomeStore(desk.database, desk.clock).known(desk.key.repo_id, desk.key.number))


async def round_begins(desk: Desk, texts: Mapping[str, str] = HEAD_TEXTS) -> dict[str, Outcome]:
    pull = await desk.octo.read_pull()
    files = [ChangedFile(path, FileStatus.MODIFIED, text=text) for path, text in texts.items()]
    await hearing(desk).before_round(desk.octo.client, pull, CONFIG, desk.octo.bot_id, files)
    return await outcomes(desk)


async def test_a_word_counts_by_who_says_it_and_is_gone_when_it_is_taken_back(desk: Desk) -> None:
    github, first = desk.octo.github, await said(desk)
    github.react(first, "-1", "stranger")
    assert await round_begins(desk) == {}
    github.set_permission(desk.octo.repository, "keeper", "maintain")
    github.react(first, "-1", "keeper")
    github.comment_on_review(desk.octo.pull, "keeper", "It is intended.", in_reply_to=first)
    found = (await round_begins(desk))[MARK]
    assert (found.fate, found.how, found.actor, found.reason) == (
        Fate.DECLINED, How.REACTION, "keeper", "It is intended.",
    )  # fmt: skip
    assert found.weighs
    github.take_reactions(first, "keeper")
    assert (await round_begins(desk))[MARK].fate is Fate.OPEN


async def test_a_dismissal_is_an_outcome_of_whoever_dismissed(desk: Desk) -> None:
    await said(desk)
    who = desk.octo.github.world.user("keeper")
    desk.octo.github.set_permission(desk.octo.repository, "keeper", "write")
    dismissal = Dismissal(MARK, "by design", who.id, "keeper", 2.0)
    await DismissalStore(desk.database).dismiss(desk.key.repo_id, desk.key.number, dismissal)
    expected = Outcome(MARK, Fate.DISMISSED, How.COMMAND, 2.0, who.id, "keeper", "by design", weighs=True)
    assert await round_begins(desk) == {MARK: expected}


async def test_a_suggestion_that_stands_in_the_head_was_taken(desk: Desk) -> None:
    await said(desk, body="```suggestion\nline 10 mended\n```")
    assert await round_begins(desk) == {}
    lines = [f"line {at}{' mended' if at == 10 else ''}\n" for at in range(1, 41)]
    desk.octo.github.push(
        desk.octo.pull, desk.octo.source.commit({"app.py": "".join(lines), "b.py": "b = 1\n"})
    )
    assert await round_begins(desk, {"app.py": "".join(lines)}) == {
        MARK: Outcome(
            MARK, Fate.ACCEPTED, How.SUGGESTION, desk.clock(), desk.octo.pull.author.id, "the author"
        )
    }


async def test_what_github_refuses_stops_no_review(desk: Desk) -> None:
    await said(desk)
    desk.octo.github.faults.add(Fault(("GET", ".*/pulls/1/comments"), "status", status=403, message="no"))
    assert await round_begins(desk) == {}


async def after_round(desk: Desk, fate: Fate) -> dict[str, Outcome]:
    lease = await desk.lease()
    ruling = Adjudication(SAID, Fate.OPEN, fate)
    progress = Converged((), frozenset(), rulings=(ruling,))
    review = Review("a", "b", Verdict.CLEAN, "", (), (), progress=progress)
    posting = await desk.posting(lease)
    posted = Posted(desk.octo.client, posting, CONFIG, review, (), Past(last_of(desk)))
    await RoundOutcomes(hearing(desk))(posted)
    return await outcomes(desk)


async def test_a_round_says_what_was_fixed_and_takes_it_back_and_peoples_words_come_first(desk: Desk) -> None:
    first = await said(desk)
    assert await after_round(desk, Fate.OPEN) == {}
    found = (await after_round(desk, Fate.FIXED))[MARK]
    assert (found.fate, found.how, found.actor) == (Fate.FIXED, How.ROUND, "the author")
    assert (await after_round(desk, Fate.OPEN))[MARK].fate is Fate.OPEN
    desk.octo.github.set_permission(desk.octo.repository, "mona", "write")
    desk.octo.github.react(first, "+1", "mona")
    await round_begins(desk)
    assert (await after_round(desk, Fate.FIXED))[MARK].how is How.REACTION


async def last_heard(desk: Desk) -> str:
    key = WorkKey(desk.key.installation_id, desk.key.repo_id, desk.key.number, "outcomes")
    want = Want(key, NAME, Priority.SWEEP, "pull_request.closed", head_sha=desk.octo.sha)
    await desk.database.write(lambda conn: bump(conn, [want], desk.clock()))
    desk.clock.advance(LEASE_S)
    claim = await desk.work.claim()
    assert claim is not None
    rulebook = RuleBook(
        desk.octo.clients, ConfigurationStore(desk.database, desk.clock), OperatorRules.from_environ({})
    )
    return await LastHearing(desk.octo.clients, rulebook, hearing(desk))(Lease(desk.work, claim))


async def profile(desk: Desk) -> dict[tuple[str, str, str], float]:
    return {key: one.mean for key, one in (await ProfileStore(desk.database, desk.clock).known()).items()}


@pytest.mark.parametrize(("content", "share"), [("+1", 1.0), ("-1", 0.0)])
async def test_the_end_is_learned_from_once(desk: Desk, content: str, share: float) -> None:
    first = await said(desk)
    desk.octo.github.set_permission(desk.octo.repository, "keeper", "write")
    desk.octo.github.react(first, content, "keeper")
    assert await last_heard(desk) == desk.octo.sha
    assert await profile(desk) == {}, "it is open: that is no end"
    desk.octo.github.close(desk.octo.pull, merged=True)
    await last_heard(desk)
    await last_heard(desk)
    assert await profile(desk) == {("big", "review", "outcome"): share}
    assert {one.weight for one in (await ProfileStore(desk.database, desk.clock).known()).values()} == {1.0}


@pytest.mark.parametrize("changed", [False, True])
async def test_a_thread_that_a_person_resolved_is_judged_by_the_code_at_the_end(
    desk: Desk, changed: bool
) -> None:
    first = await said(desk)
    keeper = desk.octo.github.world.user("keeper")
    desk.octo.github.set_permission(desk.octo.repository, "keeper", "write")
    await resolved(desk, first, keeper.id, "keeper")
    if changed:
        desk.push()
    desk.octo.github.close(desk.octo.pull)
    await last_heard(desk)
    assert (await outcomes(desk))[MARK].fate is (Fate.ACCEPTED if changed else Fate.DECLINED)


async def test_a_thread_that_we_resolved_says_nothing(desk: Desk) -> None:
    first = await said(desk)
    await resolved(desk, first, desk.octo.bot_id, "quorum[bot]")
    assert await round_begins(desk) == {}


async def resolved(desk: Desk, comment_id: int, person_id: int, login: str) -> None:
    seen = ThreadSeen(1, desk.key.repo_id, desk.key.number, comment_id, True, person_id, login)
    await tell(desk.database, seen)


async def test_without_anything_said_the_end_asks_nobody(desk: Desk) -> None:
    before = len(desk.octo.github.requests)
    await last_heard(desk)
    assert len(desk.octo.github.requests) == before


async def test_what_no_end_was_told_of_is_settled_by_turns(desk: Desk) -> None:
    first = await said(desk)
    desk.octo.github.set_permission(desk.octo.repository, "keeper", "write")
    desk.octo.github.react(first, "+1", "keeper")
    await round_begins(desk)
    duty = Settling(OutcomeStore(desk.database, desk.clock), desk.clock, 60.0)

    async def hold() -> None:
        pass

    assert (await duty(Held(0.0, hold))).due_s == 60.0
    assert await profile(desk) == {}
    desk.clock.advance(15 * 86_400)
    await duty(Held(0.0, hold))
    assert list(await profile(desk)) == [("big", "review", "outcome")]
