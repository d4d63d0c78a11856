"""Where a finding is, as a link to its thread, or to the code where it has none."""

from __future__ import annotations

from workers.domain.finding import Finding
from workers.github.fences import code_span
from workers.github.render.rendering import Rendering
from workers.github.render.width import code_width
from workers.github.sanitise import blob_url

PATH_MAX_CHARS = 160
SHORT_MAX_CHARS = 30
SHORT_MAX_PX = 240
URL_MAX_BYTES = 700
"""A path may have 4,096 bytes, each of which takes three in an address: then it is shown without a link."""


def location(finding: Finding, head_sha: str, rendering: Rendering) -> str:
    """`path:line`, linked to its thread or to the head, where there is a page to link to."""
    return _linked(finding, head_sha, rendering, PATH_MAX_CHARS)


def short_location(finding: Finding, head_sha: str, rendering: Rendering) -> str:
    """The same for a narrow cell: a long path loses its middle."""
    tail = finding.path[-SHORT_MAX_CHARS:]
    most = SHORT_MAX_CHARS * SHORT_MAX_PX // max(SHORT_MAX_PX, code_width(tail))
    return _linked(finding, head_sha, rendering, max(8, most))


def _linked(finding: Finding, head_sha: str, rendering: Rendering, max_chars: int) -> str:
    path = rendering.sanitiser.path(finding.path, max_chars)
    span = code_span(path + (f":{finding.line}" if finding.line else ""))
    if not rendering.repository_url:
        return span
    url = (rendering.threads or {}).get(finding.fingerprint) or blob_url(
        rendering.repository_url, head_sha, finding.path, finding.line
    )
    return f"[{span}]({url})" if len(url) <= URL_MAX_BYTES else span
