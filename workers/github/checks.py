"""Check runs: started at once, brought up to date, finished with annotations that survive a lost answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel

from workers.github.calls import Params
from workers.github.rest import RestClient
from workers.github.values import Annotation, Posted

ANNOTATIONS_PER_REQUEST = 50
TEXT_MAX_BYTES = 65_535
TITLE_MAX_CHARS = 255
MESSAGE_MAX_BYTES = 64_000
ACTIONS_MAX = 3
CUT = "\n\n… cut: GitHub takes no more here."


class CheckOutput(BaseModel):
    """What a check run shows: one line, a summary above the annotations, a text below it (both Markdown)."""

    model_config = {"frozen": True}

    title: str
    summary: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class CheckAction:
    """A button of a check run: at most 20 characters of `label` and `identifier`, 40 of `description`."""

    identifier: str
    label: str
    description: str


class _Shown(BaseModel):
    annotations_count: int = 0


class _App(BaseModel):
    id: int


class _CheckRun(BaseModel):
    id: int
    html_url: str | None = None
    external_id: str | None = None
    status: str = ""
    app: _App | None = None
    output: _Shown = _Shown()


async def start_check(
    client: RestClient,
    full_name: str,
    head_sha: str,
    name: str,
    external_id: str,
    output: CheckOutput,
    actions: Sequence[CheckAction] = (),
) -> Posted:
    """Create the check run `in_progress`, with at most three buttons.

    A lost answer is UnknownOutcomeError: see `find_check`.
    """
    body = {
        "name": name,
        "head_sha": head_sha,
        "status": "in_progress",
        "external_id": external_id,
        "output": output_payload(output),
        **_buttons(actions),
    }
    run = _CheckRun.model_validate(await client.post(f"/repos/{full_name}/check-runs", body))
    return Posted(run.id, run.html_url or "")


async def update_check(client: RestClient, full_name: str, check_id: int, output: CheckOutput) -> None:
    """Show progress; the run stays `in_progress`."""
    body = {"status": "in_progress", "output": output_payload(output)}
    await client.patch(f"/repos/{full_name}/check-runs/{check_id}", body)


async def finish_check(
    client: RestClient,
    full_name: str,
    check_id: int,
    conclusion: str,
    output: CheckOutput,
    annotations: Sequence[Annotation] = (),
    *,
    annotations_max: int = 500,
    actions: Sequence[CheckAction] = (),
) -> None:
    """Conclude the run, with at most three buttons. Given the same annotations again it goes on where it was cut off.

    GitHub appends the annotations of each PATCH, so how many are there already is read first, and a PATCH that
    carries some is never sent blindly again (UnknownOutcomeError): call this once more instead.
    """
    path = f"/repos/{full_name}/check-runs/{check_id}"
    wanted = annotations[:annotations_max]
    there = await _annotations_count(client, path) if wanted else 0
    for payload in finish_payloads(conclusion, output, wanted[there:], actions):
        if "annotations" in payload["output"]:
            await client.patch_once(path, payload)
        else:
            await client.patch(path, payload)


async def find_check(
    client: RestClient, full_name: str, head_sha: str, name: str, external_id: str, app_id: int
) -> Posted | None:
    """The newest check run of ours with this `external_id`, if it exists."""
    path = f"/repos/{full_name}/commits/{head_sha}/check-runs"
    params: Params = {"check_name": name, "app_id": app_id, "filter": "all", "per_page": 100}
    async for page in client.pages(path, params, pages_max=10):
        runs = [_CheckRun.model_validate(run) for run in page["check_runs"]]
        ours = [run for run in runs if run.external_id == external_id and run.app and run.app.id == app_id]
        if ours:
            newest = max(ours, key=lambda run: run.id)
            return Posted(newest.id, newest.html_url or "")
    return None


async def check_is_open(client: RestClient, full_name: str, check_id: int) -> bool:
    """Whether the check run has no conclusion yet."""
    run = _CheckRun.model_validate(await client.get(f"/repos/{full_name}/check-runs/{check_id}"))
    return run.status != "completed"


def output_payload(output: CheckOutput) -> dict[str, Any]:
    """GitHub's `output`, within its limits."""
    payload = {"title": output.title[:TITLE_MAX_CHARS], "summary": _fit(output.summary)}
    return payload | ({"text": _fit(output.text)} if output.text else {})


def finish_payloads(
    conclusion: str,
    output: CheckOutput,
    annotations: Sequence[Annotation],
    actions: Sequence[CheckAction] = (),
) -> Iterator[dict[str, Any]]:
    """PATCH bodies in order, at most 50 annotations each; only the last one concludes the run."""
    starts = range(0, max(len(annotations), 1), ANNOTATIONS_PER_REQUEST)
    for start in starts:
        batch = annotations[start : start + ANNOTATIONS_PER_REQUEST]
        shown = output_payload(output)
        if batch:
            shown["annotations"] = [annotation_payload(annotation) for annotation in batch]
        if start == starts[-1]:
            yield {"status": "completed", "conclusion": conclusion, "output": shown, **_buttons(actions)}
        else:
            yield {"status": "in_progress", "output": shown}


def annotation_payload(annotation: Annotation) -> dict[str, Any]:
    """GitHub's form of one annotation, within its limits."""
    return {
        "path": annotation.path,
        "start_line": annotation.start_line,
        "end_line": max(annotation.start_line, annotation.end_line),
        "annotation_level": annotation.level.value,
        "title": annotation.title[:TITLE_MAX_CHARS],
        "message": annotation.message.encode()[:MESSAGE_MAX_BYTES].decode("utf-8", errors="ignore"),
    }


def _buttons(actions: Sequence[CheckAction]) -> dict[str, Any]:
    return {"actions": [asdict(action) for action in actions[:ACTIONS_MAX]]} if actions else {}


async def _annotations_count(client: RestClient, path: str) -> int:
    return _CheckRun.model_validate(await client.get(path)).output.annotations_count


def _fit(text: str) -> str:
    """At most 65,535 UTF-8 bytes: GitHub says characters, bytes are the safe reading."""
    encoded = text.encode()
    if len(encoded) <= TEXT_MAX_BYTES:
        return text
    kept = encoded[: TEXT_MAX_BYTES - len(CUT.encode())].decode("utf-8", errors="ignore")
    return kept + CUT
