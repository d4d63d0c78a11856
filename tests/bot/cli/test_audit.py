"""`quorum audit`, with a model over HTTP and without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.audit import AuditOptions, audited, shown
from config.settings import Settings
from tests.bot.cli.test_ask import environ
from tests.fakes.models import FakeOpenAI
from tests.fakes.repository import GitRepository
from tests.journeys.test_audit import specialist
from workers.domain.audit import Audit
from workers.domain.errors import UserError

SECRET = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"


async def audit(path: Path, given: dict[str, str]) -> Audit:
    options = AuditOptions(str(path))
    return await audited(Settings.from_environ(given), options, given, lambda _: None)


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    """A repository with a secret, and a folder that nobody is to look into."""
    git = GitRepository.create(tmp_path / "boxes")
    rules = "ignore: {paths: [private/**]}\n"
    git.commit(
        {"app.py": f'TOKEN = "{SECRET}"\n', "private/plan.md": "Hidden plan.\n", ".github/quorum.yml": rules}
    )
    return git.path


async def test_the_whole_repository_is_scored_and_judged(boxes: Path) -> None:
    async with FakeOpenAI.serve(default=specialist) as models:
        found = await audit(boxes / ".github", environ(models))
        assert SECRET not in models.sent
        assert "private/plan.md" not in models.sent
    told = json.loads(shown(found, "json"))
    assert told["llm_results"]["aggregated_insights"]["overall_assessment"] == "A start."
    assert told["coverage"]["files_read"] == 2
    reasons = {one["name"]: one for one in told["reasons"]["deployment_readiness"]}
    assert reasons["no secrets in the code"]["places"] == ["app.py:1"]
    for form in ("text", "json", "markdown"):
        assert SECRET not in shown(found, form)
    assert "overall_assessment: A start." in shown(found, "text")
    assert shown(found, "markdown").startswith("## Audit of this repository\n")


async def test_without_a_model_the_scores_stand_alone(boxes: Path, tmp_path: Path) -> None:
    found = await audit(boxes, {})
    assert (found.results, found.validated) == (None, None)
    assert "No model was asked" in shown(found, "text")
    with pytest.raises(UserError, match="does not exist"):
        await audit(tmp_path / "nowhere", {})


async def test_a_dry_run_says_who_would_be_asked_for_how_much(boxes: Path) -> None:
    given = {"QUORUM_PROVIDERS": "anthropic", "ANTHROPIC_API_KEY": "sk-not-shown"}
    options = AuditOptions(str(boxes), dry_run=True)
    found = await audited(Settings.from_environ(given), options, given, lambda _: None)
    assert found.results is None
    last = shown(found, "text").split("\n")[-4:]
    assert last[0].startswith("dry run: 3 question(s) would be asked first, $0.")
    assert "$0.0000" not in last[0]
    assert [line.split(":")[0].strip() for line in last[1:]] == [
        "audit/architect",
        "audit/deployment",
        "audit/business",
    ]
