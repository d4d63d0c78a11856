"""A review posted to the strict fake GitHub, and the same requests sent once more with nothing around them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.repository import ReviewRules
from tests.bench._output_reviews import head_files, sized_review
from tests.fakes.api import installation_client
from tests.fakes.clock import Clock
from tests.fakes.github.values import Recorded
from tests.workers.github.octo import NAME, Octo, opened
from tests.workers.jobs.desk import Desk
from workers.domain.review import Review
from workers.github.markers import finding_in
from workers.storage.database import Database
from workers.storage.migrate import migrate

README = {"README.md": "# Shop\n"}
REFUSED_FROM = 400
TEXTS = frozenset({"body", "summary", "text"})


@dataclass(frozen=True, slots=True)
class Posted:
    """One review at GitHub: its requests, the seconds that it took, those of its requests alone, and its threads."""

    findings: int
    files: int
    review: Review
    requests: tuple[Recorded, ...]
    seconds: float
    bare_seconds: float
    threads: frozenset[str]

    @property
    def name(self) -> str:
        """Its size."""
        return f"{self.findings} findings in {self.files} files"

    @property
    def refused(self) -> int:
        """Requests that GitHub did not take."""
        return sum(one.status >= REFUSED_FROM or not one.status for one in self.requests)

    @property
    def summary(self) -> str:
        """The summary comment."""
        (made,) = [
            one for one in self.requests if one.method == "POST" and one.path.endswith("/issues/1/comments")
        ]
        return str(made.body["body"])

    @property
    def check_title(self) -> str:
        """The check run's title at its end."""
        return str(self._check["title"])

    @property
    def check_summary(self) -> str:
        """The check run's summary at its end."""
        return str(self._check["summary"])

    @property
    def check_text(self) -> str:
        """The check run's text at its end."""
        return str(self._check["text"])

    @property
    def _check(self) -> dict[str, Any]:
        found: dict[str, Any] = [one for one in self.requests if one.method == "PATCH"][-1].body["output"]
        return found

    def texts(self) -> list[str]:
        """Every text that was sent."""
        return [text for one in self.requests for text in _texts(one.body)]


async def posted(findings: int, files: int) -> Posted:
    """Post a review of this size on a pull request of its own."""
    with tempfile.TemporaryDirectory(prefix="quorum-output-") as name:
        folder = Path(name)
        url = f"sqlite+aiosqlite:///{folder / 'quorum.db'}"
        await migrate(url)
        database = Database.connect(url)
        async with opened(folder / "git", README, head_files(files)) as octo:
            try:
                return await _posted(Desk(octo, url, database, Clock()), findings, files)
            finally:
                await database.close()


async def _posted(desk: Desk, findings: int, files: int) -> Posted:
    octo = desk.octo
    review = sized_review(findings, files, octo.sha)
    changed = await octo.read_files()
    posting = await desk.posting(await desk.lease())
    before = len(octo.github.requests)
    began = time.perf_counter()
    check_id = await posting.start_check()
    knowing = await posting.post(review, changed)
    await knowing.end_check(check_id, review, ReviewRules())
    seconds = time.perf_counter() - began
    marks = (finding_in(one["body"]) for one in octo.github.review_comments(octo.pull))
    threads = frozenset(mark for mark in marks if mark)
    requests = tuple(octo.github.requests[before:])
    return Posted(findings, files, review, requests, seconds, await _bare(octo, requests), threads)


async def _bare(octo: Octo, requests: tuple[Recorded, ...]) -> float:
    """The seconds of the same requests, one after the other on one connection: no posting can be quicker."""
    prefix = f"/repos/{NAME}/"
    async with installation_client(octo.github, octo.repository) as api:
        await api.get("pulls/1")
        began = time.perf_counter()
        for one in requests:
            await api.request(one.method, one.path.removeprefix(prefix), json=one.body)
        return time.perf_counter() - began


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for one in body:
            yield from _texts(one)
    if isinstance(body, dict):
        for name, value in body.items():
            if name in TEXTS and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
