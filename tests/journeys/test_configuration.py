"""Which configuration is in force, where it comes from, and what a change of it is told."""

from __future__ import annotations

import pytest

from tests.fakes.github import Pull
from tests.fakes.repository import GitRepository
from tests.journeys.asking import asked, introduce
from tests.journeys.world import World
from workers.github.prose import ZWSP

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]


def open_sample(world: World, **how: object) -> Pull:
    return world.github.open_pull(world.repository, head="export", title="Export orders", **how)  # type: ignore[arg-type]


def configure(world: World, text: str) -> str:
    """Put a configuration on `main`; its commit."""
    world.git.checkout("main")
    return world.git.commit({".github/quorum.yml": text}, "Configure Quorum")


async def test_the_organisation_s_file_lies_below_the_repository_s(world: World) -> None:
    """`config` shows the value in force and who set it, for each key."""
    introduce(world)
    own = GitRepository.create(world.git.path.parent / "organisation")
    own.commit({"quorum.yml": "review: {inline_max: 2, findings_max: 7, drafts: true}\n"}, "Rules for all")
    owner = world.repository.owner.login
    shared = world.github.add_repository(owner, ".github", own.path)
    base = configure(world, "review: {inline_max: 3}\n")
    pull = open_sample(world, base=base)
    await world.reviewed(pull)
    _, [answer] = await asked(world, pull, "/quorum config")
    text = answer.replace(ZWSP, "")
    assert f"| `review.inline_max` | `3` | .github/quorum.yml@{base[:7]} |" in text
    assert f"| `review.findings_max` | `7` | {owner}/.github/quorum.yml |" in text
    assert "| `review.severity_floor` | `low` | default |" in text
    broken = own.commit({"quorum.yml": "review: {findings_max: many}\n"}, "Break the rules for all")
    world.github.push_branch(shared, "main", broken)
    _, [answer] = await asked(world, pull, "/quorum config")
    text = answer.replace(ZWSP, "")
    assert f"| `review.findings_max` | `7` | {owner}/.github/quorum.yml |" in text
    assert f"`{owner}/.github/quorum.yml` can't be used: line 1" in text


async def test_a_pull_request_that_changes_the_file_is_told_what_will_change(world: World) -> None:
    base = configure(world, "review: {inline_max: 3}\n")
    world.git.checkout("export")
    head = world.git.commit({".github/quorum.yml": "review: {inline_max: 20, drafts: true}\n"})
    pull = world.github.open_pull(world.repository, head=head, base=base, title="Hear more")
    run = await world.reviewed(pull)
    said = (run.output["summary"] or "") + (run.output["text"] or "")
    assert "`review.inline_max`: 3 → 20" in said
    assert "`review.drafts`: false → true" in said


async def test_the_last_valid_file_stays_in_force(world: World) -> None:
    """A broken file on the base is said, and does not undo the rules before it."""
    base = configure(world, "review: {drafts: true}\n")
    first = open_sample(world, base=base, draft=True)
    await world.reviewed(first)
    assert world.github.reviews(first), "drafts are reviewed by the repository's own rule"
    broken = configure(world, "review: {drafts: maybe}\n")
    second = open_sample(world, base=broken, draft=True)
    await world.reviewed(second)
    said = world.said(second).replace(ZWSP, "")
    assert "must be true or false" in said
    assert f"`.github/quorum.yml@{base[:7]}`, stays in force" in said


async def test_a_repository_can_name_no_key_and_no_server(world: World) -> None:
    base = configure(
        world,
        "orchestration:\n  executors:\n"
        "    - {model: m, api_key_env: QUORUM_PRIVATE_KEY, base_url: 'https://evil.example/v1'}\n",
    )
    pull = open_sample(world, base=base)
    await world.reviewed(pull)
    said = world.said(pull)
    assert "orchestration.executors[0].api_key_env" in said
    assert "the operator has not allowed" in said
    assert "evil.example" not in said
    assert "which is not among the models that may be asked here" in said


async def test_a_required_check_that_reviewed_nothing_is_not_green_unless_the_owner_says_so(
    world: World,
) -> None:
    strict = configure(world, "review: {required: true}\n")
    first = open_sample(world, base=strict, draft=True)
    assert (await world.reviewed(first)).conclusion == "action_required"
    lenient = configure(world, "review: {required: true, conclusions: {draft: neutral}}\n")
    second = open_sample(world, base=lenient, draft=True)
    assert (await world.reviewed(second)).conclusion == "neutral"


async def test_too_large_a_pull_request_says_so_and_how_to_ask(world: World) -> None:
    base = configure(world, "ignore: {size: {files_max: 2}}\n")
    pull = open_sample(world, base=base)
    run = await world.reviewed(pull)
    assert "more than the 2 of" in (run.output["title"] or "") + (run.output["summary"] or "")
    assert "/quorum review" in (run.output["summary"] or "")
    assert not world.github.reviews(pull)


async def test_reviews_pause_themselves_after_many_pushes(world: World) -> None:
    base = configure(world, "review: {auto_pause_pushes: 1}\n")
    pull = open_sample(world, base=base)
    await world.reviewed(pull)
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/more.py": '"""More."""\nMORE = 1\n'}))
    run = await world.reviewed(pull)
    assert "auto_pause_pushes" in (run.output["title"] or "") + (run.output["summary"] or "")
    assert all(one["commit_id"] != pull.head_sha for one in world.github.reviews(pull))
