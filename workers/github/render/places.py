"""Where a finding is, as a link."""

from __future__ import annotations

from workers.domain.finding import Finding
from workers.github.fences import code_span
from workers.github.render.rendering import Rendering
from workers.github.sanitise import blob_url


def location(finding: Finding, head_sha: str, rendering: Rendering) -> str:
    """`path:line`, linked to the head where there is a page to link to."""
    shown = rendering.sanitiser.path(finding.path) + (f":{finding.line}" if finding.line else "")
    span = code_span(shown)
    if not rendering.repository_url:
        return span
    return f"[{span}]({blob_url(rendering.repository_url, head_sha, finding.path, finding.line)})"
