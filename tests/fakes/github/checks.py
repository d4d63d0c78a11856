"""Check runs: only the app that made one may change it; annotations add up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.fakes.github.apps import app_json, foreign_app_json
from tests.fakes.github.call import Answer, Call, Endpoint, page, window
from tests.fakes.github.check_output import read_actions, read_annotations, read_output
from tests.fakes.github.errors import ApiError, malformed, not_found
from tests.fakes.github.pulls import minimal_json
from tests.fakes.github.repositories import repository_url
from tests.fakes.github.values import CheckRun, Repository, User
from tests.fakes.github.world import World

STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")


def suite_id(world: World, repository: Repository, app_id: int, head_sha: str) -> int:
    """The one check suite of an app and commit."""
    key = (repository.id, app_id, head_sha)
    if key not in world.suites:
        world.suites[key] = world.next_id()
    return world.suites[key]


def check_json(world: World, run: CheckRun) -> dict[str, Any]:
    """A check run."""
    url = f"{repository_url(world, run.repository)}/check-runs/{run.id}"
    ours = run.app_id == world.app.app_id
    return {
        "id": run.id,
        "name": run.name,
        "node_id": f"CR_{run.id}",
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": url,
        "html_url": f"https://github.com/{run.repository.full_name}/runs/{run.id}",
        "details_url": run.details_url,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": world.time(run.started_at),
        "completed_at": world.time(run.completed_at),
        "output": {
            **{name: run.output.get(name) for name in ("title", "summary", "text")},
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run.suite_id},
        "app": app_json(world) if ours else foreign_app_json(world, run.app_id, run.app_slug),
        "pull_requests": [
            minimal_json(world, pull)
            for pull in world.pulls.values()
            if pull.head_sha == run.head_sha
            and pull.head_repository is run.repository
            and pull.state == "open"
        ],
    }


def event_json(world: World, run: CheckRun) -> dict[str, Any]:
    """A check run inside a webhook: with its whole suite."""
    repository, shown = run.repository, check_json(world, run)
    pulls = [
        one for one in world.pulls.values() if one.repository is repository and one.head_sha == run.head_sha
    ]
    url = f"{repository_url(world, repository)}/check-suites/{run.suite_id}"
    suite = {
        "id": run.suite_id,
        "node_id": f"CS_{run.suite_id}",
        "head_branch": pulls[0].head_ref if pulls and pulls[0].head_repository is repository else None,
        "head_sha": run.head_sha,
        "status": run.status,
        "conclusion": run.conclusion,
        "url": url,
        "before": None,
        "after": run.head_sha,
        "pull_requests": shown["pull_requests"],
        "app": shown["app"],
        "created_at": world.time(run.started_at),
        "updated_at": world.time(run.completed_at or run.started_at),
    }
    return shown | {"check_suite": suite}


def tell(world: World, run: CheckRun, action: str, sender: User, extra: dict[str, Any] | None = None) -> None:
    """Emit a check_run event and tell the observers."""
    fields = {"check_run": event_json(world, run), **(extra or {})}
    world.emit("check_run", action, run.repository, fields, sender)
    world.happened(f"check_run.{action}", run)


async def create_check(call: Call) -> Answer:
    """POST check-runs."""
    world, repository = call.world, call.repository
    name, sha = call.required("name", str), call.required("head_sha", str)
    if repository.git.type_of(sha) != "commit" or len(sha) != 40:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    suite = suite_id(world, repository, world.app.app_id, sha)
    run = CheckRun(
        world.next_id(), repository, suite, world.app.app_id, world.app.slug, name, sha, "", "queued", None,
        world.clock(), None, "https://example.com",
    )  # fmt: skip
    _apply(call, run)
    world.check_runs[run.id] = run
    tell(world, run, "created", world.bot)
    if run.status == "completed":
        tell(world, run, "completed", world.bot)
    return Answer(check_json(world, run), 201)


async def update_check(call: Call) -> Answer:
    """PATCH check-runs/{check_id}: annotations are added to those that are there."""
    run, world = _found(call), call.world
    if run.app_id != world.app.app_id:
        reason = "check run can only be modified by the GitHub App that created it."
        message = f"Invalid app_id `{world.app.app_id}` - {reason}"
        raise ApiError(403, message)
    was = run.status
    _apply(call, run)
    if run.status == "completed" and was != "completed":
        tell(world, run, "completed", world.bot)
    else:
        world.happened("check_run.updated", run)
    return Answer(check_json(world, run))


def _apply(call: Call, run: CheckRun) -> None:
    status, conclusion = call.choice("status", STATUSES), call.choice("conclusion", CONCLUSIONS)
    if status == "completed" and conclusion is None:
        raise malformed('If you set the status to completed, "conclusion" is required.')
    output = call.optional("output", dict)
    read = None if output is None else read_output(output)
    added = read_annotations(output or {})
    actions = read_actions(call.optional("actions", list))
    if conclusion is not None:
        status = "completed"
        run.conclusion = conclusion
        run.completed_at = _time(call.optional("completed_at", str)) or call.world.clock()
    elif status is not None:
        run.conclusion = run.completed_at = None
    run.status = status or run.status
    run.name = call.optional("name", str) or run.name
    run.external_id = call.optional("external_id", str) or run.external_id
    run.details_url = call.optional("details_url", str) or run.details_url
    run.started_at = _time(call.optional("started_at", str)) or run.started_at
    run.output = run.output | read if read is not None else run.output
    run.actions = run.actions if actions is None else actions
    run.annotations.extend(added)


def _time(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise malformed(f"{text!r} is not a valid date-time.") from None


def _found(call: Call) -> CheckRun:
    run = call.world.check_runs.get(call.number("check_id"))
    if run is None or run.repository is not call.repository:
        raise not_found()
    return run


async def get_check(call: Call) -> Answer:
    """GET check-runs/{check_id}."""
    return Answer(check_json(call.world, _found(call)))


async def list_checks(call: Call) -> Answer:
    """GET commits/{ref}/check-runs; `filter=latest` (the default) shows the newest of a name and app."""
    query, sha = call.query, call.repository.git.resolve(call.params["ref"])
    runs = [
        run
        for run in call.world.check_runs.values()
        if run.repository is call.repository and run.head_sha == sha
    ]
    if name := query.get("check_name"):
        runs = [run for run in runs if run.name == name]
    if app_id := query.get("app_id"):
        runs = [run for run in runs if str(run.app_id) == app_id]
    if status := query.get("status"):
        runs = [run for run in runs if run.status == status]
    if query.get("filter", "latest") == "latest":
        runs = list({(run.app_id, run.name): run for run in runs}.values())
    rows, headers = window(call, runs)
    return Answer(
        {"total_count": len(runs), "check_runs": [check_json(call.world, run) for run in rows]},
        headers=headers,
    )


async def list_annotations(call: Call) -> Answer:
    """GET check-runs/{check_id}/annotations."""
    run = _found(call)
    href = f"https://github.com/{run.repository.full_name}/blob/{run.head_sha}"
    optional = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    return page(call, run.annotations, lambda one: optional | one | {"blob_href": f"{href}/{one['path']}"})


async def rerequest_check(call: Call) -> Answer:
    """POST check-runs/{check_id}/rerequest."""
    run = _found(call)
    run.status, run.conclusion, run.completed_at = "queued", None, None
    tell(call.world, run, "rerequested", call.world.bot)
    return Answer({}, 201)


_REPO = "/repos/{owner}/{repo}"
_READ = (("checks", "read"),)
_WRITE = (("checks", "write"),)
ROUTES = (
    Endpoint("POST", _REPO + "/check-runs", create_check, "CheckRun", _WRITE),
    Endpoint("GET", _REPO + "/check-runs/{check_id}", get_check, "CheckRun", _READ),
    Endpoint("PATCH", _REPO + "/check-runs/{check_id}", update_check, "CheckRun", _WRITE),
    Endpoint("GET", _REPO + "/check-runs/{check_id}/annotations", list_annotations, "[CheckAnnotation]", _READ),
    Endpoint("POST", _REPO + "/check-runs/{check_id}/rerequest", rerequest_check, "", _WRITE),
    Endpoint(
        "GET", _REPO + "/commits/{ref:path}/check-runs", list_checks,
        "ReposOwnerRepoCommitsRefCheckRunsGetResponse200", _READ,
    ),
)  # fmt: skip
