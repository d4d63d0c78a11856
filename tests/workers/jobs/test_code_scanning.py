"""Findings for code scanning: what GitHub takes, once for a generation, and no review is lost for it."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as OfficialSchema
from structlog.testing import capture_logs

from bot.cli.formats.sarif import sarif as printed
from config.repository import OutputRules, RepositoryConfig, ReviewRules
from tests.fakes.github import Fault
from tests.fakes.github.scanning import alerts
from tests.workers.github.reviews_by_hand import FINDING, MINOR, review
from tests.workers.jobs.desk import Desk
from workers.domain.errors import RateLimitedError
from workers.domain.finding import Finding
from workers.github.code_scanning import packed
from workers.github.prose import parted
from workers.github.render.sarif import Writer
from workers.jobs.afterwards import Posted
from workers.jobs.code_scanning import CATEGORY, CodeScanning
from workers.jobs.refusals import Refusals

REF = "refs/pull/1/head"
UPLOAD = ("POST", "/repos/.*/code-scanning/sarifs")
SECRET = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
WRITER = Writer("1", parted, lambda finding: "CWE-78", CATEGORY, everywhere=True)
NOWHERE = replace(MINOR, line=None, path="a b/%1.py", rule="model/x", fingerprint="f" * 16)


def _enable(desk: Desk) -> None:
    world, repository = desk.octo.github.world, desk.octo.repository
    world.installations[repository.installation_id or 0].permissions["security_events"] = "write"
    world.code_scanning.add(repository.id)


async def _posted(desk: Desk, *findings: Finding, wanted: bool = True) -> Posted:
    posting = await desk.posting(await desk.lease())
    config = RepositoryConfig(review=ReviewRules(output=OutputRules(code_scanning=wanted)))
    return Posted(posting.client, posting, config, review(findings=findings, thread_count=0), (), None)


def _step(desk: Desk) -> CodeScanning:
    return CodeScanning(desk.octo.clients, "1.2.3", Refusals())


def _uploads(desk: Desk) -> list[Any]:
    return [one for one in desk.octo.github.requests if one.path.endswith("/code-scanning/sarifs")]


def _log(text: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)))
    return log


@pytest.mark.parametrize("findings", [(), (FINDING,), (FINDING, MINOR, NOWHERE)], ids=len)
def test_it_meets_the_official_schema(findings: Sequence[Finding]) -> None:
    """Both what is handed over and what the command line prints."""
    made = review(findings=tuple(findings))
    for log in (_log(packed(made, WRITER)), json.loads(printed(made, "1.2.3"))):
        OfficialSchema.model_validate(log)


async def test_a_review_is_handed_over_whole_and_the_next_takes_its_place(desk: Desk) -> None:
    _enable(desk)
    await _step(desk)(await _posted(desk, FINDING, NOWHERE))
    shown = alerts(desk.octo.github.world, desk.octo.repository.id, REF)
    assert shown == {FINDING.fingerprint: "high", NOWHERE.fingerprint: "low"}
    await _step(desk)(await _posted(desk))
    assert alerts(desk.octo.github.world, desk.octo.repository.id, REF) == {}


async def test_once_for_a_generation_and_by_a_token_for_that_alone(desk: Desk) -> None:
    _enable(desk)
    posted = await _posted(desk, FINDING)
    for _ in range(2):
        await _step(desk)(posted)
    (upload,) = _uploads(desk)
    token = desk.octo.github.world.tokens[upload.headers["authorization"].removeprefix("Bearer ")]
    assert token.permissions == {"metadata": "read", "security_events": "write"}
    assert (upload.body["ref"], upload.body["commit_sha"]) == (REF, desk.octo.sha)


async def test_every_text_is_cleaned(desk: Desk) -> None:
    _enable(desk)
    hostile = replace(FINDING, title=f"@mona {SECRET}", description="/merge\u202e", recommendation=SECRET)
    await _step(desk)(await _posted(desk, hostile))
    (upload,) = _uploads(desk)
    text = json.dumps(_log(upload.body["sarif"]), ensure_ascii=False)
    assert [mark for mark in (SECRET, "@mona", "\u202e") if mark in text] == []


@pytest.mark.parametrize("granted", [False, True], ids=["no permission", "not enabled"])
async def test_a_refusal_is_said_once_and_loses_nothing(desk: Desk, granted: bool) -> None:
    _enable(desk)
    world, repository = desk.octo.github.world, desk.octo.repository
    if granted:
        world.code_scanning.clear()
    else:
        del world.installations[repository.installation_id or 0].permissions["security_events"]
    step = _step(desk)
    with capture_logs() as logs:
        for _ in range(2):
            await step(await _posted(desk, FINDING))
    assert len([one for one in logs if one["log_level"] == "warning"]) == 1
    assert world.analyses == {}


async def test_what_may_pass_is_left_to_the_next_review_and_a_limit_is_heeded(desk: Desk) -> None:
    _enable(desk)
    desk.octo.github.faults.add(Fault(UPLOAD, "status", times=9))
    await _step(desk)(await _posted(desk, FINDING))
    desk.octo.github.faults.clear()
    desk.octo.github.faults.add(Fault(UPLOAD, "primary_limit"))
    with pytest.raises(RateLimitedError):
        await _step(desk)(await _posted(desk, FINDING))


async def test_unasked_for_nothing_happens(desk: Desk) -> None:
    _enable(desk)
    await _step(desk)(await _posted(desk, FINDING, wanted=False))
    assert _uploads(desk) == []


def test_no_more_is_packed_than_github_takes_and_the_worst_stays() -> None:
    dice = random.Random(7)
    findings = tuple(
        replace(FINDING, fingerprint=f"{number:016x}", description=dice.randbytes(300).hex())
        for number in range(40)
    )
    log = _log(packed(review(findings=findings), WRITER, max_bytes=5_000))
    kept = [one["partialFingerprints"]["quorum/v1"] for one in log["runs"][0]["results"]]
    assert 0 < len(kept) < 40
    assert kept == [one.fingerprint for one in findings[: len(kept)]]
