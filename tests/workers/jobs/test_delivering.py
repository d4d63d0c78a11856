"""Delivery as a pull request of ours: once, atomically, and never over what people did."""

from __future__ import annotations

import asyncio

import pytest

from tests.workers.jobs.delivery import BRANCH, TOPIC, Office
from tests.workers.jobs.desk import Desk
from workers.domain.delivery import Outcome, Remembered
from workers.domain.errors import TransientError, UserError
from workers.github.branches import BranchRefusedError
from workers.github.errors import PermissionMissingError

PAGE = {"docs/app.md": "# app\n"}


@pytest.fixture
async def office(desk: Desk) -> Office:
    return await Office.at(desk)


async def test_one_commit_of_ours_and_one_pull_request(office: Office) -> None:
    base = office.ref("main")
    told = await office.deliver({**PAGE, "docs/new.md": "# new\n"})
    [pull] = office.pulls
    assert (told.outcome, told.number) == (Outcome.OPENED, pull.number)
    assert told.url.endswith(f"/pull/{pull.number}")
    assert (pull.head_ref, pull.base_ref, pull.title, pull.body) == (
        BRANCH,
        "main",
        "Document the shop",
        "Pages.",
    )
    git = office.desk.octo.repository.git
    info = git.commit_info(office.ref() or "")
    assert info.parents == (base,)
    assert git.commits(base or "", info.sha) == [info.sha]
    assert (office.file("docs/app.md"), office.file("docs/new.md")) == ("# app\n", "# new\n")
    assert office.file("app.py") == office.file("app.py", "main")
    [commit] = [one for one in office.desk.octo.github.requests if one.path.endswith("/git/commits")]
    assert set(commit.body) == {"message", "tree", "parents"}, "GitHub signs what names no author"


async def test_nothing_new_is_not_written(office: Office) -> None:
    await office.deliver(PAGE)
    await office.next()
    before = office.desk.writes()
    told = await office.deliver(PAGE, title="Another title")
    assert (told.outcome, told.number) == (Outcome.UNCHANGED, office.pulls[0].number)
    assert office.desk.writes() == before


async def test_what_the_base_says_already_needs_no_pull_request(office: Office) -> None:
    office.commit(PAGE, "main")
    assert (await office.deliver(PAGE)).outcome is Outcome.NOTHING
    assert office.pulls == []
    assert office.ref() is None


async def test_an_update_keeps_what_is_offered_and_descends_from_our_last_commit(office: Office) -> None:
    await office.deliver(PAGE)
    first = office.ref()
    await office.next()
    told = await office.deliver({"docs/new.md": "# new\n"}, title="Two pages")
    [pull] = office.pulls
    assert (told.outcome, pull.title, pull.head_sha) == (Outcome.UPDATED, "Two pages", office.ref())
    assert office.desk.octo.repository.git.commit_info(pull.head_sha).parents == (first,)
    assert (office.file("docs/app.md"), office.file("docs/new.md")) == ("# app\n", "# new\n")


async def test_a_base_that_moved_is_taken_in_without_force(office: Office) -> None:
    """The pull request shows our pages alone; what people changed at the base since wins over what we offered."""
    await office.deliver({**PAGE, "docs/old.md": "# old\n"})
    first = office.ref()
    moved = office.commit({"docs/app.md": "# app, by hand\n", "app.py": "other\n"}, "main")
    await office.next()
    await office.deliver({"docs/new.md": "# new\n"})
    git, tip = office.desk.octo.repository.git, office.ref() or ""
    assert git.commit_info(tip).parents == (first, moved)
    assert [file.path for file in git.diff(moved, tip)] == ["docs/new.md", "docs/old.md"]
    assert [
        one.body["force"]
        for one in office.desk.octo.github.requests
        if one.method == "PATCH" and "/git/" in one.path
    ] == [False]


async def test_a_page_is_removed(office: Office) -> None:
    office.commit({**PAGE, "docs/gone.md": "# gone\n"}, "main")
    await office.deliver({"docs/gone.md": None, "docs/never.md": None, "docs/new.md": "# new\n"})
    assert (office.file("docs/gone.md"), office.file("docs/new.md")) == (None, "# new\n")


async def test_people_who_commit_to_the_branch_have_it(office: Office) -> None:
    """Nothing is written any more; that is said once, on the pull request. What they put back is ours again."""
    await office.deliver(PAGE)
    ours, theirs = office.ref(), office.commit({"docs/app.md": "# better\n"})
    for _ in range(2):
        await office.next()
        told = await office.deliver({"docs/app.md": "# worse\n"})
        assert (told.outcome, told.number) == (Outcome.STOPPED, office.pulls[0].number)
    assert (office.ref(), office.file("docs/app.md")) == (theirs, "# better\n")
    [comment] = office.desk.octo.github.issue_comments(office.pulls[0])
    assert "leaves it alone" in comment["body"]
    known = await office.topics.read(office.place.repo_id, TOPIC.key)
    assert known == Remembered(BRANCH, ours or "", told.number, "stopped", told.why)
    office.desk.octo.github.push_branch(office.desk.octo.repository, BRANCH, ours or "")
    await office.next()
    assert (await office.deliver({"docs/app.md": "# new\n"})).outcome is Outcome.UPDATED


async def test_closed_means_closed_until_it_is_reopened(office: Office) -> None:
    await office.deliver(PAGE)
    [pull] = office.pulls
    office.desk.octo.github.close(pull, by="hubot-fan")
    await office.next()
    told = await office.deliver({"docs/new.md": "# new\n"})
    assert (told.outcome, told.number) == (Outcome.CLOSED, pull.number)
    assert told.why.startswith("hubot-fan closed it without merging it")
    assert office.file("docs/new.md") is None
    office.desk.octo.github.reopen(pull)
    await office.next()
    assert (await office.deliver({"docs/new.md": "# new\n"})).outcome is Outcome.UPDATED
    assert office.pulls == [pull]


async def test_what_was_merged_is_followed_by_a_branch_of_its_own(office: Office) -> None:
    await office.deliver(PAGE)
    [first] = office.pulls
    office.desk.octo.github.push_branch(office.desk.octo.repository, "main", first.head_sha)
    office.desk.octo.github.close(first, merged=True)
    await office.next()
    assert (await office.deliver(PAGE)).outcome is Outcome.NOTHING
    told = await office.deliver({"docs/new.md": "# new\n"})
    _, second = office.pulls
    assert (told.outcome, told.number) == (Outcome.OPENED, second.number)
    assert second.head_ref == TOPIC.branch(first.number) != first.head_ref
    assert office.ref() == first.head_sha, "the merged branch is left to whoever merged it"
    assert office.desk.octo.repository.git.commit_info(second.head_sha).parents == (first.head_sha,)


async def test_a_branch_of_our_name_that_is_not_ours_is_left_alone(office: Office) -> None:
    office.desk.octo.github.push_branch(office.desk.octo.repository, BRANCH, "topic")
    told = await office.deliver(PAGE)
    assert (told.outcome, told.number) == (Outcome.STOPPED, 0)
    assert BRANCH in told.why
    assert office.ref() == office.ref("topic")


@pytest.mark.parametrize(
    ("method", "path", "kind", "later"),
    [
        ("POST", "/git/trees", "status_after_commit", False),
        ("POST", "/git/commits", "status_after_commit", False),
        ("POST", "/git/refs", "status_after_commit", False),
        ("POST", "/git/refs", "drop_after_commit", True),
        ("POST", "/pulls$", "status_after_commit", False),
        ("POST", "/pulls$", "status_after_commit", True),
        ("PATCH", "/pulls/", "status_after_commit", True),
        ("PATCH", "/git/refs", "status_after_commit", False),
        ("PATCH", "/git/refs", "status", True),
    ],
)
async def test_a_run_that_dies_between_two_steps_doubles_nothing(
    office: Office, method: str, path: str, kind: str, later: bool
) -> None:
    """Answers are lost, after GitHub acted or before; the next run, of this generation or of a later one, ends it."""
    update = method == "PATCH"
    if update:
        await office.deliver({"docs/old.md": "# old\n"})
        await office.next()
    office.fail(method, path, kind, times=4 if update else 1)
    with pytest.raises(TransientError):
        await office.deliver(PAGE, body="Pages of today.")
    office.desk.octo.github.faults.clear()
    if later:
        await office.next()
    await office.deliver(PAGE, body="Pages of today.")
    [pull] = office.pulls
    git = office.desk.octo.repository.git
    assert (pull.head_sha, pull.body, office.file("docs/app.md")) == (
        office.ref(),
        "Pages of today.",
        "# app\n",
    )
    assert len(git.commits(office.ref("main") or "", pull.head_sha)) == (2 if update else 1)


async def test_two_runs_at_once_make_one_pull_request_with_both_their_pages(office: Office) -> None:
    rival = await office.rival()
    told = await asyncio.gather(office.deliver(PAGE), rival.deliver({"docs/rival.md": "# rival\n"}))
    assert [one.number for one in told] == [office.pulls[0].number] * 2
    assert len(office.pulls) == 1
    assert (office.file("docs/rival.md"), office.file("docs/app.md")) == ("# rival\n", "# app\n")


async def test_rules_permissions_and_archives_refuse_with_a_sentence(office: Office) -> None:
    repository = office.desk.octo.repository
    repository.restricted = ("quorum/**",)
    with pytest.raises(BranchRefusedError, match="rules don't let Quorum write"):
        await office.deliver(PAGE)
    repository.restricted, repository.archived = (), True
    with pytest.raises(UserError, match="archived"):
        await office.deliver(PAGE)
    repository.archived = False
    assert office.pulls == []


async def test_without_the_permission_it_is_said_which(office: Office) -> None:
    installation = office.desk.octo.github.world.installations[office.place.installation_id]
    installation.permissions["contents"] = "read"
    with pytest.raises(PermissionMissingError, match="contents=write"):
        await office.deliver(PAGE)


@pytest.mark.parametrize(
    ("at_base", "path", "why"),
    [
        ({}, ".github/workflows/ci.yml", "git and GitHub"),
        ({}, "app.md", "outside"),
        ({"Docs/app.md": "# x\n"}, "docs/app.md", "case of its letters"),
        ({"docs/App.md": "# x\n"}, "docs/app.md", "case of its letters"),
        ({"docs": "a file\n"}, "docs/app.md", "should"),
        ({"docs/app.md/x.md": "x\n"}, "docs/app.md", "no plain file"),
    ],
)
async def test_what_may_not_be_written_is_not(
    office: Office, at_base: dict[str, str], path: str, why: str
) -> None:
    if at_base:
        office.commit(at_base, "main")
    before = office.desk.writes()
    with pytest.raises(UserError, match=why):
        await office.deliver({path: "# app\n"})
    assert office.desk.writes() == before


async def test_no_link_is_followed(office: Office) -> None:
    source = office.desk.octo.source
    source.checkout("main")
    source.symlink("docs", "..")
    office.desk.octo.github.push_branch(office.desk.octo.repository, "main", source.commit())
    with pytest.raises(UserError, match="a link"):
        await office.deliver(PAGE)
