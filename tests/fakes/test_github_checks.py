"""Check runs: caps, additive annotations, ownership."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.conftest import Scene

NOTE = {"path": "shop.py", "start_line": 5, "end_line": 5, "annotation_level": "warning", "message": "m"}
OUTPUT = {"title": "t", "summary": "s"}


async def start(scene: Scene, **fields: Any) -> dict[str, Any]:
    body = {"name": "quorum", "head_sha": scene.pull.head_sha, "status": "in_progress"} | fields
    response = await scene.api.post("check-runs", json=body)
    return {"http": response.status_code, **response.json()}


async def test_annotations_add_up(scene: Scene) -> None:
    run = await start(scene)
    for _ in range(2):
        output = OUTPUT | {"annotations": [NOTE] * 50}
        answer = await scene.api.patch(f"check-runs/{run['id']}", json={"output": output})
    assert answer.json()["output"]["annotations_count"] == 100


@pytest.mark.parametrize(
    "fields",
    [
        {"output": OUTPUT | {"annotations": [NOTE] * 51}},
        {"output": {"title": "t"}},
        {"output": OUTPUT | {"summary": "x" * 65_536}},
        {"output": OUTPUT | {"text": "x" * 65_536}},
        {"output": OUTPUT | {"annotations": [NOTE | {"end_line": 4}]}},
        {"output": OUTPUT | {"annotations": [NOTE | {"annotation_level": "error"}]}},
        {"output": OUTPUT | {"annotations": [NOTE | {"message": ""}]}},
        {"output": OUTPUT | {"annotations": [NOTE | {"title": "x" * 256}]}},
        {"output": OUTPUT | {"annotations": [NOTE | {"end_line": 6, "start_column": 1}]}},
        {"actions": [{"label": "l", "description": "d", "identifier": "i"}] * 4},
        {"actions": ["review"]},
        {"actions": [{"label": "l", "description": "d" * 41, "identifier": "i"}]},
        {"actions": [{"label": "l", "description": "d", "identifier": "i" * 21}]},
        {"actions": [{"label": "l", "identifier": "i"}]},
        {"actions": [{"label": "l" * 21, "description": "d", "identifier": "i"}]},
        {"status": "completed"},
        {"conclusion": "great"},
        {"head_sha": "f" * 40},
        {"name": None},
    ],
)
async def test_what_breaks_a_rule_is_refused(scene: Scene, fields: dict[str, Any]) -> None:
    assert (await start(scene, **fields))["http"] == 422
    assert scene.github.check_runs(scene.pull.head_sha) == []


async def test_a_conclusion_completes_the_run(scene: Scene) -> None:
    run = await start(scene, conclusion="success")
    assert (run["status"], run["completed_at"] is not None) == ("completed", True)


async def test_another_apps_run_cant_be_changed(scene: Scene) -> None:
    run = scene.github.foreign_check(scene.repository, scene.pull.head_sha, "ci")
    response = await scene.api.patch(f"check-runs/{run.id}", json={"status": "in_progress"})
    assert response.status_code == 403


async def test_runs_are_found_by_app_and_name(scene: Scene) -> None:
    scene.github.foreign_check(scene.repository, scene.pull.head_sha, "quorum")
    await start(scene, external_id="1:2:3:review:7")
    query = {"app_id": str(scene.github.app.app_id), "check_name": "quorum"}
    found = (await scene.api.get(f"commits/{scene.pull.head_sha}/check-runs", params=query)).json()
    assert [run["external_id"] for run in found["check_runs"]] == ["1:2:3:review:7"]


async def test_only_the_latest_run_of_a_name_is_listed_unless_all_are_wanted(scene: Scene) -> None:
    await start(scene)
    await start(scene)
    path = f"commits/{scene.pull.head_sha}/check-runs"
    assert (await scene.api.get(path)).json()["total_count"] == 1
    assert (await scene.api.get(path, params={"filter": "all"})).json()["total_count"] == 2


async def test_a_forks_run_names_no_pull_request(scene: Scene) -> None:
    assert len((await start(scene))["pull_requests"]) == 1
    sha = scene.git.commit({"fork.py": "1\n"})
    scene.github.open_pull(scene.repository, head=sha, author="stranger", fork=True)
    assert (await start(scene, head_sha=sha))["pull_requests"] == []
