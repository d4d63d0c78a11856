"""Findings for GitHub's code scanning: SARIF, packed, within its limits."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from workers.domain.review import Review
from workers.github.calls import Call
from workers.github.render.sarif import TOOL, Writer
from workers.github.rest import RestClient

RESULTS_MAX = 5_000
"""GitHub shows no more of one run, and refuses more than 25,000."""
PACKED_MAX_BYTES = 10_000_000
"""GitHub takes no more, gzipped."""
UPLOAD_TIMEOUT_S = 120.0


class _Receipt(BaseModel):
    id: str = ""


def packed(review: Review, writer: Writer, max_bytes: int = PACKED_MAX_BYTES) -> str:
    """`review` as gzipped SARIF in Base64; the worst findings of it where not all have room."""
    count = min(len(review.findings), RESULTS_MAX)
    while True:
        log = writer.log(replace(review, findings=review.findings[:count]))
        content = gzip.compress(_compact(log), mtime=0)
        if len(content) <= max_bytes or not count:
            return base64.b64encode(content).decode()
        count //= 2


async def upload(client: RestClient, full_name: str, *, head_sha: str, ref: str, sarif: str) -> str:
    """Hand `sarif` (see `packed`) over for a commit of `ref`, such as "refs/pull/7/head"; its id at GitHub.

    A later one of the same tool and category takes its place, so that a lost answer is no reason for doubt. What it
    says is read by GitHub afterwards: that something is wrong with it is not told here.
    """
    body = {"commit_sha": head_sha, "ref": ref, "sarif": sarif, "tool_name": TOOL}
    path = f"/repos/{full_name}/code-scanning/sarifs"
    reply = await client.send(Call("POST", path, json=body, timeout_s=UPLOAD_TIMEOUT_S))
    return _Receipt.model_validate(reply.json() or {}).id


def _compact(log: dict[str, Any]) -> bytes:
    return json.dumps(log, separators=(",", ":")).encode()
