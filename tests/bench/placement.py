"""Places: comments on real pull requests, posted to a strict GitHub; how many it refuses, and where the others stand."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench._placement_pulls import Said, Spoken, rebuilt, spoken
from tests.bench.result import Result
from tests.fakes.api import installation_client
from tests.fakes.github import FakeGitHub
from workers.analysis.anchors import commentable
from workers.analysis.diff import parse_patch
from workers.domain.change import ChangedFile
from workers.github.changes import FileRow, changed_file
from workers.github.placement import place
from workers.github.reviews import review_payload
from workers.github.values import FileComment, InlineComment

DATA = Path(__file__).parents[3] / "shared" / "data" / "review" / "placement.jsonl.gz"
DATA_SHAPE = "JSON lines of a diff and its comments, gzipped"
PLACED_GOAL = 0.97
OFF_MAX_LINES = 1
COMMENTS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where GitHub put a comment: "there", "elsewhere", "on the file", "nowhere", "refused"."""

    place: str
    pull: str
    said: Said


async def run(data: str | None) -> list[Result]:
    """`data` holds a diff and comments with path, side and lines on each line; nothing is measured without it."""
    path = Path(data) if data else DATA
    if not path.exists():
        print(f"skipped: {path} is not there")
        return []
    outcomes = [outcome for pull in spoken(path) for outcome in await _posted(pull)]
    for one in outcomes:
        if one.place != "there":
            print(f"{one.place}: {one.pull} {one.said.path} {one.said.side} {one.said.first}-{one.said.last}")
    return _results(Counter(one.place for one in outcomes))


def _results(counts: Counter[str]) -> list[Result]:
    total = sum(counts.values())
    there, refused = counts["there"] / total, counts["refused"]
    return [
        Result("comments", total, "comments"),
        Result("refused", refused, "comments", "0", refused == 0),
        Result("placed where they were", round(there, 3), "share", f">= {PLACED_GOAL}", there >= PLACED_GOAL),
        Result("placed on other lines", counts["elsewhere"], "comments", "0", counts["elsewhere"] == 0),
        Result("placed on the file", counts["on the file"], "comments"),
        Result("placed nowhere", counts["nowhere"], "comments", "0", counts["nowhere"] == 0),
    ]


async def _posted(pull: Spoken) -> list[Outcome]:
    """Each comment in a review of its own, so that one that is refused takes no other along."""
    with tempfile.TemporaryDirectory() as folder:
        source = rebuilt(pull, Path(folder))
        async with FakeGitHub.serve() as github:
            repository = github.add_repository("octo", "shop", source.path)
            opened = github.open_pull(repository, head="feature")
            async with installation_client(github, repository) as api:
                files = await _files(api)
                return [
                    Outcome(await _stands(said, files, api, opened.head_sha), pull.name, said)
                    for said in pull.said
                ]


async def _files(api: httpx.AsyncClient) -> list[ChangedFile]:
    rows = (await api.get("pulls/1/files", params={"per_page": 50})).raise_for_status().json()
    return [changed_file(FileRow.model_validate(row), parse_patch) for row in rows]


async def _stands(said: Said, files: list[ChangedFile], api: httpx.AsyncClient, head_sha: str) -> str:
    """Thinking's place, then writing's, then GitHub's word."""
    placement = place([_comment(said, files)], files, inline_max=COMMENTS_MAX, file_max=COMMENTS_MAX)
    if placement.inline:
        (comment,) = placement.inline
        payload = review_payload(head_sha, "Look.", [comment])
        answer = await api.post("pulls/1/reviews", json=payload)
        if answer.is_error:
            return "refused"
        (stands,) = (await api.get(f"pulls/1/reviews/{answer.json()['id']}/comments")).json()
        return _judged(said, stands)
    if not placement.files:
        return "nowhere"
    body = {"commit_id": head_sha, "path": said.path, "body": said.text, "subject_type": "file"}
    answer = await api.post("pulls/1/comments", json=body)
    return "refused" if answer.is_error else "on the file"


def _comment(said: Said, files: list[ChangedFile]) -> InlineComment | FileComment:
    file = next((file for file in files if file.path == said.path), None)
    anchor = commentable(said.first, said.last, file) if file is not None and said.side == "RIGHT" else None
    if anchor is None:
        return FileComment(said.path, said.text, "0" * 16)
    return InlineComment(said.path, anchor.line, said.text, "0" * 16, start_line=anchor.start_line)


def _judged(said: Said, posted: dict[str, Any]) -> str:
    """Whether the place that GitHub gave overlaps the one that was meant, or lies within a line of it."""
    first, last = posted["start_line"] or posted["line"], posted["line"]
    off = max(first - said.last, said.first - last, 0)
    return "there" if posted["side"] == said.side and off <= OFF_MAX_LINES else "elsewhere"
