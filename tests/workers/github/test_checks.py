"""Check runs say the truth once, with every annotation once."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from workers.github.checks import (
    CheckAction,
    CheckOutput,
    annotation_payload,
    find_check,
    finish_check,
    finish_payloads,
    output_payload,
    start_check,
    update_check,
)
from workers.github.errors import UnknownOutcomeError
from workers.github.values import Annotation, AnnotationLevel, Posted

OUTPUT = CheckOutput(title="Reviewing", summary="3 files")
DONE = CheckOutput(title="2 findings", summary="all read", text="details")


def warned(count: int) -> list[Annotation]:
    return [
        Annotation(
            "app.py", 1 + number % 40, 1 + number % 40, AnnotationLevel.WARNING, f"number {number}", "why"
        )
        for number in range(count)
    ]


async def start(octo: Octo, external_id: str = "7:42:1:review:3") -> Posted:
    return await start_check(octo.client, NAME, octo.sha, "Quorum", external_id, OUTPUT)


async def test_it_starts_in_progress_and_says_whose_work_it_is(octo: Octo) -> None:
    await start(octo)
    (run,) = octo.github.check_runs(octo.sha)
    assert (run.status, run.external_id, run.output["title"]) == (
        "in_progress",
        "7:42:1:review:3",
        "Reviewing",
    )


def buttons(count: int) -> list[CheckAction]:
    return [CheckAction(f"do-{number}", f"Do {number}", "Does it") for number in range(count)]


async def test_it_may_have_three_buttons_from_start_to_end(octo: Octo) -> None:
    check = await start_check(octo.client, NAME, octo.sha, "Quorum", "x", OUTPUT, buttons(1))
    (run,) = octo.github.check_runs(octo.sha)
    assert [one["identifier"] for one in run.actions] == ["do-0"]
    await finish_check(octo.client, NAME, check.id, "neutral", DONE, warned(60), actions=buttons(5))
    assert run.actions == [
        {"identifier": f"do-{number}", "label": f"Do {number}", "description": "Does it"}
        for number in range(3)
    ]


async def test_progress_keeps_it_running(octo: Octo) -> None:
    check = await start(octo)
    await update_check(octo.client, NAME, check.id, CheckOutput(title="Asking", summary="2 of 4"))
    (run,) = octo.github.check_runs(octo.sha)
    assert (run.status, run.output["title"]) == ("in_progress", "Asking")


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 1), (50, 1), (51, 2), (120, 3)])
async def test_annotations_go_in_batches_of_fifty(count: int, requests: int, octo: Octo) -> None:
    check = await start(octo)
    await finish_check(octo.client, NAME, check.id, "neutral", DONE, warned(count))
    (run,) = octo.github.check_runs(octo.sha)
    assert (run.status, run.conclusion, len(run.annotations)) == ("completed", "neutral", count)
    assert octo.writes(f"/check-runs/{check.id}") == requests


async def test_a_lost_answer_does_not_double_annotations(octo: Octo) -> None:
    check = await start(octo)
    octo.github.faults.add(Fault(("PATCH", ".*/check-runs/"), "drop_after_commit", after=1))
    with pytest.raises(UnknownOutcomeError):
        await finish_check(octo.client, NAME, check.id, "failure", DONE, warned(120))
    await finish_check(octo.client, NAME, check.id, "failure", DONE, warned(120))
    (run,) = octo.github.check_runs(octo.sha)
    assert [one["title"] for one in run.annotations] == [f"number {number}" for number in range(120)]
    assert run.conclusion == "failure"


async def test_finishing_what_is_finished_changes_nothing(octo: Octo) -> None:
    check = await start(octo)
    for _ in range(2):
        await finish_check(octo.client, NAME, check.id, "success", DONE, warned(60))
    (run,) = octo.github.check_runs(octo.sha)
    assert (len(run.annotations), run.conclusion) == (60, "success")


async def test_no_more_annotations_than_asked_for(octo: Octo) -> None:
    check = await start(octo)
    await finish_check(octo.client, NAME, check.id, "neutral", DONE, warned(30), annotations_max=10)
    (run,) = octo.github.check_runs(octo.sha)
    assert len(run.annotations) == 10


async def test_a_check_whose_answer_was_lost_is_found(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/check-runs"), "drop_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await start(octo)
    (run,) = octo.github.check_runs(octo.sha)
    app_id = octo.github.app.app_id
    found = await find_check(octo.client, NAME, octo.sha, "Quorum", "7:42:1:review:3", app_id)
    assert found is not None
    assert found.id == run.id
    assert await find_check(octo.client, NAME, octo.sha, "Quorum", "7:42:1:review:4", app_id) is None


async def test_another_apps_check_of_the_same_name_is_not_ours(octo: Octo) -> None:
    octo.github.foreign_check(octo.repository, octo.sha, "Quorum")
    assert await find_check(octo.client, NAME, octo.sha, "Quorum", "", octo.github.app.app_id) is None


def test_texts_fit_githubs_limits() -> None:
    shown = output_payload(CheckOutput(title="t" * 300, summary="\N{BUG}" * 40_000, text="x" * 70_000))
    assert len(shown["title"]) == 255
    assert len(shown["summary"].encode()) <= 65_535
    assert len(shown["text"]) <= 65_535
    assert shown["text"].endswith("GitHub takes no more here.")


def test_annotations_fit_githubs_limits() -> None:
    long = Annotation("a", 5, 3, AnnotationLevel.NOTICE, "t" * 300, "\N{BUG}" * 20_000)
    shown = annotation_payload(long)
    assert (shown["start_line"], shown["end_line"], len(shown["title"])) == (5, 5, 255)
    assert len(shown["message"].encode()) <= 64_000


def test_only_the_last_payload_concludes() -> None:
    payloads = list(finish_payloads("failure", DONE, warned(101)))
    assert [payload["status"] for payload in payloads] == ["in_progress", "in_progress", "completed"]
    assert [payload.get("conclusion") for payload in payloads] == [None, None, "failure"]
