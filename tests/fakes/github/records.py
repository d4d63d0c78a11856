"""What the app did at the fake GitHub, for asserts and for the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.github.checks import check_json
from tests.fakes.github.issue_comments import comment_json as issue_comment_json
from tests.fakes.github.review_comments import comment_json as review_comment_json
from tests.fakes.github.reviews import review_json
from tests.fakes.github.values import CheckRun, Happening, Pull, Recorded
from tests.fakes.github.world import World


class Records:
    """Reads the state; changes nothing."""

    world: World

    def on_event(self, observer: Callable[[Happening], None]) -> None:
        """Call `observer` at every change of state: "check_run.created", "pull_request_review.submitted" …"""
        self.world.observers.append(observer)

    @property
    def requests(self) -> list[Recorded]:
        """All requests, oldest first; status 0 was cut."""
        return self.world.requests

    def reviews(self, pull: Pull) -> list[dict[str, Any]]:
        """Reviews of a pull request, as the API shows them."""
        return [review_json(self.world, one) for one in self.world.reviews.values() if one.pull is pull]

    def review_comments(self, pull: Pull) -> list[dict[str, Any]]:
        """Line and file comments of a pull request, as the API shows them."""
        comments = self.world.review_comments.values()
        return [review_comment_json(self.world, one) for one in comments if one.pull is pull]

    def issue_comments(self, pull: Pull) -> list[dict[str, Any]]:
        """Comments in the conversation, as the API shows them."""
        comments = self.world.issue_comments.values()
        return [issue_comment_json(self.world, one) for one in comments if one.pull is pull]

    def check_runs(self, sha: str) -> list[CheckRun]:
        """All check runs of a commit, oldest first."""
        return [run for run in self.world.check_runs.values() if run.head_sha == sha]

    def shown_check(self, run: CheckRun) -> dict[str, Any]:
        """A check run, as the API shows it."""
        return check_json(self.world, run)
