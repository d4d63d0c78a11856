"""The JSON block at the end of a check run: for agents and gates. Keys are only ever added; always whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from workers.domain.finding import Finding, Severity, State
from workers.domain.review import Review
from workers.domain.usage import Usage
from workers.github.fences import fenced
from workers.github.render.counted import has_thread, with_thread, without_thread
from workers.github.render.rendering import Rendering

VERSION = 1
ITEMS_MAX_BYTES = 16_000
PATH_MAX_CHARS = 500
_SPELT = {"@": "\\u0040", "<": "\\u003c", "`": "\\u0060"}
"""Signs that something may act on, as JSON may spell them as well."""


def tally(review: Review, rendering: Rendering) -> dict[str, object]:
    """The numbers; `findings` and `disputed` count those that have a thread."""
    counted = with_thread(review.findings, rendering)
    usage = sum((call.usage for call in review.calls), Usage())
    omitted = sum(entry.omitted is not None for entry in review.coverage)
    unread = sum(entry.omitted is None and not entry.read_by for entry in review.coverage)
    return {
        "quorum": VERSION,
        "head_sha": review.head_sha,
        "base_sha": review.base_sha,
        "verdict": str(review.verdict),
        "findings": _by_severity(counted),
        "without_thread": _by_severity(without_thread(review.findings, rendering)),
        "disputed": sum(finding.state is State.DISPUTED for finding in counted),
        "suppressed": review.suppressed,
        "files": {
            "changed": len(review.coverage),
            "read": len(review.coverage) - omitted - unread,
            "omitted": omitted,
            "read_by_none": unread,
        },
        "model_calls": usage.calls,
        "cost_micro_usd": usage.cost_micros,
    }


def tally_block(review: Review, rendering: Rendering, max_bytes: int = ITEMS_MAX_BYTES) -> str:
    """The numbers and as many findings as fit, worst first; `items_left_out` says how many do not."""
    items = _fitting((_json(_item(one, rendering)) for one in review.findings), max_bytes)
    whole = {**tally(review, rendering), "items_left_out": len(review.findings) - len(items), "items": []}
    head = json.dumps(whole, indent=2).removesuffix("[]\n}")
    listed = "".join(f"\n    {item}," for item in items).removesuffix(",")
    body = f"{head}[{listed}\n  ]\n}}" if items else f"{head}[]\n}}"
    return fenced(body.split("\n"), "json")


def _by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    return {str(severity): sum(one.severity is severity for one in findings) for severity in Severity}


def _item(finding: Finding, rendering: Rendering) -> dict[str, Any]:
    """A path that must not be posted as it is (a secret, say) is shown as people see it."""
    verbatim = len(finding.path) <= PATH_MAX_CHARS and rendering.sanitiser.verbatim(finding.path)
    path = finding.path if verbatim else rendering.sanitiser.path(finding.path, PATH_MAX_CHARS)
    return {
        "path": path,
        "line": finding.line,
        "start_line": finding.start_line,
        "severity": str(finding.severity),
        "aspect": str(finding.aspect),
        "state": str(finding.state),
        "fingerprint": finding.fingerprint,
        "thread": has_thread(finding, rendering),
    }


def _json(item: dict[str, Any]) -> str:
    """On one line, in ASCII."""
    text = json.dumps(item)
    for sign, spelt in _SPELT.items():
        text = text.replace(sign, spelt)
    return text


def _fitting(items: Iterable[str], max_bytes: int) -> list[str]:
    kept: list[str] = []
    for item in items:
        max_bytes -= len(item) + 6
        if max_bytes < 0:
            break
        kept.append(item)
    return kept
