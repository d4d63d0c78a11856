"""Output: reviews of any size as GitHub takes them and as a reader sees them."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench._output_counts import blocking_unthreaded, miscounted, unlinked
from tests.bench._output_posts import Posted, posted
from tests.bench.result import Result
from tests.browser.chromium import MISSING, found
from tests.browser.looking import Look, looks
from tests.workers.github.render.hostile import hostile_review
from tests.workers.github.test_markdown import RENDERING
from workers.domain.review import Review
from workers.github.markdown import check_annotations, check_output, inline, summary

FINDINGS = (0, 1, 10, 100, 1_000)
FILES = (1, 100, 3_000)
HOSTILE = 100
LINES_MAX = 25
BYTES_MAX = 60_000
CALLS_MAX = 30
CONTRAST_MIN = 4.5
PLAYS = 3
_NAMED = re.compile(r"^  module_\d+\.py", re.MULTILINE)


async def run(data: str | None) -> list[Result]:
    """Each size is a pull request of its own at the strict fake, over HTTP, with SQLite for the ledger of effects."""
    all_posted = [await posted(findings, files) for files in FILES for findings in FINDINGS]
    for one in all_posted:
        print(json.dumps(_row(one)))
    return [*_posts(all_posted), *_seen(_bodies(all_posted))]


def _bodies(all_posted: Sequence[Posted]) -> dict[str, str]:
    """What has to be short: the summary comment, and the check run's summary."""
    told = {f"comment, {one.name}": one.summary for one in all_posted}
    return told | {f"check, {one.name}": one.check_summary for one in all_posted}


def _row(one: Posted) -> dict[str, object]:
    return {
        "review": one.name,
        "calls": len(one.requests),
        "refused": one.refused,
        "largest_bytes": max(len(text.encode()) for text in one.texts()),
        "ms": round(one.seconds * 1_000, 1),
        "bare_ms": round(one.bare_seconds * 1_000, 1),
        "files_named_in_the_check": _named(one),
    }


def _posts(all_posted: Sequence[Posted]) -> list[Result]:
    refused = sum(one.refused for one in all_posted)
    largest = max(len(text.encode()) for one in all_posted for text in one.texts())
    calls = max(len(one.requests) for one in all_posted)
    slowest = max(all_posted, key=lambda one: one.seconds)
    most = [one for one in all_posted if one.files == FILES[-1]]
    return [
        Result("reviews", len(all_posted), "posted"),
        Result("refused", refused, "requests", "0", refused == 0),
        Result("largest text", largest, "bytes", f"<= {BYTES_MAX}", largest <= BYTES_MAX),
        Result("most requests", calls, "requests", f"<= {CALLS_MAX}", calls <= CALLS_MAX),
        _none("counted findings without a thread", sum(map(miscounted, all_posted))),
        _none("rows of the table without a link to a thread", sum(map(unlinked, all_posted))),
        _none("blocking findings without a thread", sum(map(blocking_unthreaded, all_posted))),
        Result(f"slowest, {slowest.name}", round(slowest.seconds * 1_000, 1), "ms"),
        Result("the same requests alone", round(slowest.bare_seconds * 1_000, 1), "ms"),
        Result("all its texts, processor time", _rendering_ms(slowest.review), "ms"),
        Result(
            "files of 3,000 named in the check run, fewest and most",
            f"{min(map(_named, most))} to {max(map(_named, most))}",
            "files",
        ),
    ]


def _none(name: str, number: int) -> Result:
    return Result(name, number, "findings", "0", number == 0)


def _rendering_ms(made: Review) -> float:
    """The quickest of a few: processor time of every text of a review, thirty comments among them."""
    spent = []
    for _ in range(PLAYS):
        began = time.process_time()
        summary(made, RENDERING)
        check_output(made, RENDERING)
        check_annotations(made, RENDERING)
        for finding in made.findings[: made.thread_count]:
            inline(finding, RENDERING)
        spent.append(time.process_time() - began)
    return round(min(spent) * 1_000, 1)


def _named(one: Posted) -> int:
    """Files with a line of their own; the others are counted."""
    return len(_NAMED.findall(one.check_text))


def _seen(bodies: dict[str, str]) -> list[Result]:
    chromium = found()
    if chromium is None:
        print(f"skipped: {MISSING}")
        return []
    hostile = {f"hostile {seed}": summary(hostile_review(seed), RENDERING) for seed in range(HOSTILE)}
    with tempfile.TemporaryDirectory() as folder:
        seen = looks(chromium, bodies | hostile, Path(folder))
    return [*_judged("sizes", seen, set(bodies)), *_judged("hostile texts", seen, set(hostile))]


def _judged(what: str, seen: Sequence[Look], names: set[str]) -> list[Result]:
    mine = [look for look in seen if look.name.rsplit(" ", 1)[0] in names]
    lines = max(look.lines for look in mine)
    out = sum(look.out + look.open_out for look in mine)
    contrast = round(min(look.contrast for look in mine), 2)
    return [
        Result(f"{what}: most visible lines", lines, "lines", f"<= {LINES_MAX}", lines <= LINES_MAX),
        Result(f"{what}: sticks out of its column", out, "places", "0", out == 0),
        Result(f"{what}: poorest contrast", contrast, ": 1", f">= {CONTRAST_MIN}", contrast >= CONTRAST_MIN),
    ]
