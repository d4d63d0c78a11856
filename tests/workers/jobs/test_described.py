"""Where descriptions and suggestions are written: once each, whatever is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME
from tests.workers.jobs.desk import Desk
from workers.domain.improvement import Impact, Improvement, Improvements
from workers.github.description import sealing
from workers.github.errors import UnknownOutcomeError
from workers.github.render.rendering import Rendering
from workers.github.sanitise import Sanitiser
from workers.jobs.described import MOVED, Described
from workers.jobs.improved import NO_PLACE, UNFIT, Improved
from workers.storage.lease import Lease

ONE = Improvement("app.py", 10, None, "Say it", "", Impact.HIGH, "line ten", "f" * 16)


async def described(desk: Desk, lease: Lease) -> Described:
    bot_id = desk.octo.github.app.bot_id
    return Described(
        desk.octo.client, desk.ledger, lease, await desk.octo.read_pull(), bot_id, sealing(b"secret")
    )


async def improved(desk: Desk, lease: Lease) -> Improved:
    rendering = Rendering(Sanitiser(""), str(lease.claim.key), lease.claim.generation)
    bot_id = desk.octo.github.app.bot_id
    return Improved(desk.octo.client, desk.ledger, lease, await desk.octo.read_pull(), bot_id, rendering)


def comments(desk: Desk) -> list[str]:
    return [one["body"].split("\n")[0] for one in desk.octo.github.issue_comments(desk.octo.pull)]


async def test_a_body_is_written_once_a_head_and_known_again(desk: Desk) -> None:
    first = await described(desk, await desk.lease())
    assert not await first.stands("body")
    assert await first.write("body", "Text.") == ""
    assert await first.write("body", "Other words.") == "", "done is done in one generation"
    again = await described(desk, await desk.lease())
    assert await again.stands("body")
    desk.push()
    moved = await described(desk, await desk.lease())
    assert not await moved.stands("body")
    assert [one for one in desk.writes() if one.startswith("PATCH")] == [f"PATCH /repos/{NAME}/pulls/1"]


async def test_a_comment_tells_why_it_is_none_of_the_body_and_retires(desk: Desk) -> None:
    pull = desk.octo.pull
    one = await described(desk, await desk.lease())
    await one.write("body", "Text.")
    pull.body = pull.body.replace("Text.", "Mine.")
    desk.push()
    two = await described(desk, await desk.lease())
    assert "because somebody edited our block" in await two.write("body", "New.")
    assert "Mine." in pull.body
    assert comments(desk) == [
        "Written here, not into the body, because somebody edited our block in the body."
    ]
    assert await two.stands("body"), "it stands in the comment"
    pull.body = "Cleared."
    three = await described(desk, await desk.lease())
    assert await three.write("body", "New.") == ""
    assert comments(desk) == [MOVED]


async def test_a_lost_answer_posts_no_second_review(desk: Desk) -> None:
    lease = await desk.lease()
    writes = await improved(desk, lease)
    assert await writes.posted() == ""
    desk.octo.github.faults.add(Fault(("POST", f"/repos/{NAME}/pulls/1/reviews"), "drop_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await writes.post(Improvements((ONE,)))
    posted = await writes.post(Improvements((ONE,)))
    assert await (await improved(desk, lease)).posted() == posted
    assert len(desk.octo.github.reviews(desk.octo.pull)) == 1


async def test_what_can_not_stand_there_as_it_is_is_named(desk: Desk) -> None:
    writes = await improved(desk, await desk.lease())
    secret = replace(ONE, suggestion='key = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"')
    far = replace(ONE, line=20)
    found = writes.postable(Improvements((ONE, secret, far)), await desk.octo.read_files())
    assert found.offered == (ONE,)
    assert [one.why for one in found.left] == [UNFIT, NO_PLACE]
