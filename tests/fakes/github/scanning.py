"""Code scanning: SARIF in, one analysis for each ref, tool and category."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import zlib
from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import ApiError, malformed
from tests.fakes.github.world import World

PACKED_MAX_BYTES = 10_000_000
RUNS_MAX, RESULTS_MAX, TAGS_MAX, LOCATIONS_MAX = 20, 25_000, 20, 1_000
NOT_ENABLED = "Code Security must be enabled for this repository to use code scanning."
_REF = re.compile(r"refs/(?:heads/.+|tags/.+|pull/(\d+)/(?:merge|head))")
_SHA = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?")


async def upload(call: Call) -> Answer:
    """POST code-scanning/sarifs: taken, read later; what can't be read is refused at once here."""
    world, repository = call.world, call.repository
    sha, ref, sarif = (call.required(name, str) for name in ("commit_sha", "ref", "sarif"))
    if repository.id not in world.code_scanning:
        raise ApiError(403, NOT_ENABLED)
    if not _SHA.fullmatch(sha) or _REF.fullmatch(ref) is None:
        raise malformed("commit_sha or ref")
    if not _is_of(call, ref, sha):
        raise ApiError(404, "commit not found")
    log = _unpacked(sarif)
    for run in log["runs"]:
        _check(run)
        tool = run["tool"]["driver"]["name"]
        world.analyses[repository.id, ref, tool, run.get("automationDetails", {}).get("id", "")] = {
            "commit_sha": sha,
            "log": log,
        }
    number = str(world.next_id())
    return Answer({"id": number, "url": f"{world.url}/repos/{repository.full_name}/x/{number}"}, 202)


def _is_of(call: Call, ref: str, sha: str) -> bool:
    """Whether the commit is one of the pull request that the ref names."""
    found = _REF.fullmatch(ref)
    number = int(found[1]) if found and found[1] else None
    if number is None:
        return True
    pull = call.world.pull(call.repository, number)
    return sha in {pull.head_sha, pull.previous_head}


def _unpacked(text: str) -> dict[str, Any]:
    try:
        content = base64.b64decode(text, validate=True)
        if len(content) > PACKED_MAX_BYTES:
            raise ApiError(413, "Payload too large")
        log: dict[str, Any] = json.loads(gzip.decompress(content))
    except (binascii.Error, OSError, EOFError, zlib.error, ValueError):
        raise ApiError(400, "Invalid SARIF. SARIF is not gzipped and Base64 encoded JSON.") from None
    if log.get("version") != "2.1.0" or not 0 < len(log.get("runs", ())) <= RUNS_MAX:
        raise ApiError(400, "Invalid SARIF.")
    return log


def _check(run: dict[str, Any]) -> None:
    """What GitHub's page on its SARIF support calls required, and its limits."""
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    if len(results) > RESULTS_MAX or any(len(one["properties"]["tags"]) > TAGS_MAX for one in rules):
        raise ApiError(400, "Invalid SARIF. It exceeds a limit.")
    known = {rule["id"] for rule in rules}
    for result in results:
        places = [one["physicalLocation"] for one in result["locations"]]
        complete = all(one["artifactLocation"]["uri"] and one["region"]["startLine"] >= 1 for one in places)
        if not complete or not 0 < len(places) <= LOCATIONS_MAX or result["ruleId"] not in known:
            raise ApiError(400, "Invalid SARIF. A result has no place, or no rule.")
        if not result["message"]["text"] or not result["partialFingerprints"]:
            raise ApiError(400, "Invalid SARIF. A result has no message, or no fingerprint.")


def alerts(world: World, repository_id: int, ref: str) -> dict[str, str]:
    """What code scanning shows of a ref: severity by fingerprint."""
    return {
        result["partialFingerprints"]["quorum/v1"]: result["properties"]["severity"]
        for (repository, name, *_), analysis in world.analyses.items()
        if (repository, name) == (repository_id, ref)
        for run in analysis["log"]["runs"]
        for result in run["results"]
    }


ROUTES = (
    Endpoint(
        "POST",
        "/repos/{owner}/{repo}/code-scanning/sarifs",
        upload,
        "CodeScanningSarifsReceipt",
        (("security_events", "write"),),
        content=True,
    ),
)
