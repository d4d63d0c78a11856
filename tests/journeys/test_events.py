"""What happens around pull requests: names change, owners change, people close doors; and none of it loops."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.github import Pull
from tests.journeys.asking import WRITER, introduce
from tests.journeys.stage import Stage
from tests.journeys.storing import rows
from tests.journeys.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]


@pytest.fixture
def database_url(stage: Stage) -> str:
    """Of the running Quorum."""
    return stage.database_url


@pytest.fixture(autouse=True)
def _introduced(world: World) -> None:
    introduce(world)


def open_sample(world: World, **how: Any) -> Pull:
    return world.github.open_pull(world.repository, **{"head": "export", "title": "Export orders", **how})


async def until_rows(
    world: World, database_url: str, query: str, expected: list[tuple[Any, ...]], known: int = 0
) -> None:
    await world.github.delivered()
    assert await rows(database_url, query, known) == expected


async def test_an_opened_pull_request_is_reviewed(world: World) -> None:
    """One review, one summary and one finished check run."""
    pull = open_sample(world)
    run = await world.reviewed(pull)
    [review] = world.github.reviews(pull)
    [summary] = world.github.issue_comments(pull)
    comments = world.github.review_comments(pull)
    assert review["state"] == "COMMENTED"
    assert review["commit_id"] == pull.head_sha
    assert {"shop/database.py", "shop/orders.py", "web/cart.js"} <= {comment["path"] for comment in comments}
    assert "9/10 files (1 omitted: generated)" in summary["body"]
    assert run.conclusion == "neutral", (
        "blocking findings advise where the repository does not require the check"
    )
    assert "blocking" in (run.output["title"] or "")


async def test_installations_and_repositories_are_known_by_their_ids(world: World, database_url: str) -> None:
    """Installed, renamed, archived, opened again, transferred, taken out, deleted: the tables follow."""
    repository, owner = world.repository, world.repository.owner.login
    installation = world.github.world.installations[repository.installation_id or 0]
    state = "SELECT full_name, state FROM repository WHERE id = :id"
    world.github.announce(installation)
    await until_rows(world, database_url, state, [(f"{owner}/shop", "active")], repository.id)
    world.github.rename(repository, "store")
    await until_rows(world, database_url, state, [(f"{owner}/store", "active")], repository.id)
    world.github.archive(repository)
    await until_rows(world, database_url, state, [(f"{owner}/store", "archived")], repository.id)
    world.github.unarchive(repository)
    await until_rows(world, database_url, state, [(f"{owner}/store", "active")], repository.id)
    world.github.edit_default_branch(repository, "export")
    default = "SELECT default_branch FROM repository WHERE id = :id"
    await until_rows(world, database_url, default, [("export",)], repository.id)
    world.github.rename_account(owner, f"new-{owner}")
    await until_rows(world, database_url, state, [(f"new-{owner}/store", "active")], repository.id)
    await until_rows(
        world,
        database_url,
        "SELECT account FROM installation WHERE id = :id",
        [(f"new-{owner}",)],
        installation.id,
    )
    world.github.remove_repositories(installation, repository)
    await until_rows(world, database_url, state, [(f"new-{owner}/store", "removed")], repository.id)
    world.github.add_repositories(installation, repository)
    await until_rows(world, database_url, state, [(f"new-{owner}/store", "active")], repository.id)
    world.github.delete_repository(repository)
    await until_rows(world, database_url, state, [(f"new-{owner}/store", "deleted")], repository.id)


async def test_a_renamed_repository_is_reviewed_under_its_new_name(world: World) -> None:
    pull = open_sample(world, draft=True)
    await world.reviewed(pull)
    world.github.rename(world.repository, "store")
    world.github.ready(pull)
    await world.wait(lambda: bool(world.github.reviews(pull)))


async def test_work_moves_with_a_transferred_repository(world: World, database_url: str) -> None:
    pull = open_sample(world, draft=True)
    await world.reviewed(pull)
    there = world.github.install(f"acme-{world.repository.id}")
    world.github.announce(there)
    world.github.transfer(world.repository, there)
    await world.github.delivered()
    world.github.ready(pull)
    await world.wait(lambda: bool(world.github.reviews(pull)))
    state = "SELECT installation_id, full_name FROM repository WHERE id = :id"
    await until_rows(
        world, database_url, state, [(there.id, f"{there.account.login}/shop")], world.repository.id
    )


async def test_suspended_work_waits_and_is_done_afterwards(world: World) -> None:
    installation = world.github.world.installations[world.repository.installation_id or 0]
    world.github.announce(installation)
    world.github.suspend(installation)
    await world.github.delivered()
    pull = open_sample(world)
    await world.github.delivered()
    world.github.unsuspend(installation)
    await world.reviewed(pull)
    assert world.github.reviews(pull)


async def test_uninstalling_ends_all_work(world: World, database_url: str) -> None:
    pull = open_sample(world, draft=True)
    await world.reviewed(pull)
    world.github.uninstall(world.github.world.installations[world.repository.installation_id or 0])
    left = "SELECT count(*) FROM work WHERE wanted_gen > done_gen AND repo_id = :id"
    await until_rows(world, database_url, left, [(0,)], world.repository.id)


async def test_a_push_to_the_default_branch_marks_documentation_work(world: World, database_url: str) -> None:
    """One row a repository, which asks its rules whether anything is to be written; other branches mark nothing."""
    marked = "SELECT number, wanted_gen, head_sha_hint FROM work WHERE pipeline = 'docs' AND repo_id = :id"
    known = world.repository.id
    world.git.checkout("export")
    other = world.git.commit({"n.py": "N = 1\n"})
    world.github.push_branch(world.repository, "export", other)
    await until_rows(world, database_url, marked, [], known)
    world.git.checkout("main")
    first = world.git.commit({"m.py": "M = 1\n"})
    world.github.push_branch(world.repository, "main", first)
    await until_rows(world, database_url, marked, [(0, 1, first)], known)
    second = world.git.commit({"m.py": "M = 2\n"})
    world.github.push_branch(world.repository, "main", second)
    await until_rows(world, database_url, marked, [(0, 2, second)], known)


async def test_a_changed_title_or_label_ends_what_they_were_ignored_for(world: World) -> None:
    world.git.checkout("main")
    base = world.git.commit({".github/quorum.yml": "ignore: {titles: ['^WIP'], labels: [later]}\n"})
    pull = open_sample(world, base=base, title="WIP: export")
    assert "ignore.titles" in str((await world.reviewed(pull)).output)
    world.github.label(pull, "later")
    world.github.edit_title(pull, "Export orders")
    await world.wait(lambda: "ignore.labels" in str([one.output for one in world.check_runs(pull)]))
    world.github.unlabel(pull, "later")
    await world.wait(lambda: bool(world.github.reviews(pull)))


async def test_a_head_that_was_reviewed_is_not_reviewed_again_unless_asked(world: World) -> None:
    """Closing and reopening, another title, the same head: no call, no check run, no word."""
    pull = open_sample(world)
    await world.reviewed(pull)
    calls = len(world.models.requests)
    of_it, log = f":{world.repository.id}:{pull.number}:review", world.stack.worker.text
    world.github.close(pull)
    world.github.reopen(pull)
    world.github.edit_title(pull, "Export all orders")
    await world.github.delivered()
    await world.wait(lambda: any(of_it in one and "nothing new" in one for one in log().splitlines()))
    assert len(world.models.requests) == calls
    assert len(world.check_runs(pull)) == 1


async def test_what_people_resolve_is_remembered(world: World, database_url: str) -> None:
    pull = open_sample(world)
    await world.reviewed(pull)
    first = world.github.review_comments(pull)[0]["id"]
    query = "SELECT comment_id, resolved, actor FROM thread WHERE comment_id = :id"
    world.github.resolve_thread(world.github.world.review_comments[first], WRITER)
    await until_rows(world, database_url, query, [(first, 1, WRITER)], first)
    world.github.unresolve_thread(world.github.world.review_comments[first], WRITER)
    await until_rows(world, database_url, query, [(first, 0, WRITER)], first)


async def test_one_check_can_be_asked_for_again(world: World) -> None:
    """ "Re-run" sends the check run: the head is looked at again, and nothing is said twice."""
    pull = open_sample(world)
    run = await world.reviewed(pull)
    comments = world.github.review_comments(pull)
    world.github.rerequest(run)
    await world.wait(lambda: [one.status for one in world.check_runs(pull)] == ["completed", "completed"])
    assert world.github.review_comments(pull) == comments


async def test_all_checks_can_be_asked_for_again(world: World) -> None:
    """ "Re-run all checks" sends the suite: the head is looked at again, and nothing is said twice."""
    pull = open_sample(world)
    run = await world.reviewed(pull)
    comments = world.github.review_comments(pull)
    world.github.rerequest_suite(run)
    await world.wait(lambda: [one.status for one in world.check_runs(pull)] == ["completed", "completed"])
    assert world.github.review_comments(pull) == comments


async def test_our_own_words_and_checks_start_nothing(world: World) -> None:
    """Every event of our own doing was delivered to us, and nothing came of it."""
    pull = open_sample(world)
    await world.reviewed(pull)
    await world.github.delivered()
    own = [
        one
        for one in world.github.deliveries
        if one.event in {"issue_comment", "check_run", "pull_request_review_comment"}
    ]
    assert own, "the fake sends us our own events, as GitHub does"
    assert len(world.github.reviews(pull)) == 1
    assert len(world.check_runs(pull)) == 1
