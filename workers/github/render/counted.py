"""What is counted: the findings that have a thread, and beside them those that are listed without one."""

from __future__ import annotations

from collections.abc import Iterable

from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.github.render.rendering import Rendering


def with_thread(findings: Iterable[Finding], rendering: Rendering) -> tuple[Finding, ...]:
    """Those that count, in their order; all of them where nobody looked for threads."""
    return tuple(one for one in findings if has_thread(one, rendering))


def without_thread(findings: Iterable[Finding], rendering: Rendering) -> tuple[Finding, ...]:
    """The others, in their order."""
    return tuple(one for one in findings if not has_thread(one, rendering))


def has_thread(finding: Finding, rendering: Rendering) -> bool:
    """Whether a comment of its own stands on the pull request; true where nobody looked for threads."""
    return rendering.threads is None or finding.fingerprint in rendering.threads


def more(review: Review, rendering: Rendering) -> str:
    """ "+4 more", "+4 more, 1 blocking" of those without a thread; "" for none."""
    rest = without_thread(review.findings, rendering)
    worst = sum(one.severity.blocks for one in rest)
    return f"+{len(rest):,} more{f', {worst:,} blocking' if worst else ''}" if rest else ""
