"""What a posted review counts, as its reader and a program see it, beside the threads that there are."""

from __future__ import annotations

import json
import re

from tests.bench._output_posts import Posted

_WORST = re.compile(r"🔴 \*\*([\d,]+) blocking\*\*")
_OTHER = re.compile(r"🟡 \*\*([\d,]+)(?: findings?)?\*\*")
_TITLE = re.compile(r"([\d,]+) findings?\b")


def miscounted(one: Posted) -> int:
    """How far line 1, the check run's title and its block for programs are from the number of threads, the furthest."""
    threads = len(one.threads & {finding.fingerprint for finding in one.review.findings})
    line = one.summary.split("\n")[0]
    told = json.loads(one.check_text.rsplit("```json\n", 1)[1].removesuffix("\n```"))
    counts: tuple[int, ...] = (
        _number(_WORST, line) + _number(_OTHER, line),
        _number(_TITLE, one.check_title),
        sum(told["findings"].values()),
    )
    return max(abs(number - threads) for number in counts)


def unlinked(one: Posted) -> int:
    """Rows of the summary's table that lead to no thread."""
    rows = [line for line in one.summary.split("\n") if line.startswith(("| 🔴", "| 🟡", "| ⚪"))]
    return sum("#discussion_r" not in row for row in rows)


def blocking_unthreaded(one: Posted) -> int:
    """Blocking findings that nobody can answer."""
    return sum(
        finding.severity.blocks and finding.fingerprint not in one.threads for finding in one.review.findings
    )


def _number(what: re.Pattern[str], text: str) -> int:
    found = what.search(text)
    return int(found[1].replace(",", "")) if found else 0
