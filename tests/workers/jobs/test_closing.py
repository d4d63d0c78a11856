"""After a review its rulings close threads, unless the rules turn that off or there is nothing to rule on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.repository import RepositoryConfig
from tests.workers.experts.changes import finding
from tests.workers.jobs.desk import Desk
from tests.workers.jobs.test_closer import LINE, MARK, closer_of, said
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.review import Review, Verdict
from workers.jobs.afterwards import Posted
from workers.jobs.closing import CloseThreads

OFF = RepositoryConfig.model_validate({"review": {"output": {"resolve_threads": False}}})
TOLD = replace(finding(), fingerprint=MARK)


async def posted(desk: Desk, progress: Converged | None, config: RepositoryConfig) -> Posted:
    posting = await desk.posting(await desk.lease())
    review = Review(desk.octo.sha, "b" * 40, Verdict.CLEAN, "", (), (), progress=progress)
    return Posted(desk.octo.client, posting, config, review, (), None)


def ruled(before: Fate, now: Fate) -> Converged:
    return Converged((), frozenset(), rulings=(Adjudication(TOLD, before, now),))


@pytest.mark.parametrize(
    ("before", "line"), [(Fate.OPEN, LINE), (Fate.FIXED, LINE.replace("in `", "as of `"))]
)
async def test_a_ruling_closes_its_thread(desk: Desk, before: Fate, line: str) -> None:
    first = said(desk)
    await CloseThreads(closer_of(desk))(await posted(desk, ruled(before, Fate.FIXED), RepositoryConfig()))
    assert first.id in desk.octo.github.world.resolved
    assert first.body.startswith(line.format(desk.octo.sha[:7]))


@pytest.mark.parametrize(
    ("progress", "config"),
    [
        (None, RepositoryConfig()),
        (Converged((TOLD,), frozenset({MARK})), RepositoryConfig()),
        (ruled(Fate.OPEN, Fate.FIXED), OFF),
    ],
)
async def test_otherwise_nothing_is_asked(
    desk: Desk, progress: Converged | None, config: RepositoryConfig
) -> None:
    said(desk)
    await CloseThreads(closer_of(desk))(await posted(desk, progress, config))
    assert desk.octo.writes("/graphql") == 0
    assert not desk.octo.github.world.resolved
