"""The line on top of a finding's comment that says what became of it; and what `resolve` answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workers.domain.adjudication import Fate
from workers.github.render.blocks import count
from workers.github.render.headline import SHORT_SHA_CHARS

BODY_MAX_CHARS = 65_536
"""GitHub's limit of a comment."""

_MARK = "<!-- quorum:v1 fate -->"
_LINE = re.compile(r"\A[^\n]{1,200}" + re.escape(_MARK) + r"\n\n")


def marked(body: str) -> bool:
    """Whether a line of ours stands on top of `body`."""
    return _LINE.match(body) is not None


def with_fate(body: str, fate: Fate, head_sha: str, *, now: bool) -> str:
    """`body` under the line for `fate`, once. `now` says that this very head brought it.

    Unchanged when there is nothing to say, when something is said already, and when there is no room.
    """
    line = _line(fate, head_sha[:SHORT_SHA_CHARS], now)
    text = f"{line} {_MARK}\n\n{body}"
    return body if not line or marked(body) or len(text) > BODY_MAX_CHARS else text


def without_fate(body: str) -> str:
    """`body` as it was before `with_fate`."""
    return _LINE.sub("", body, count=1)


def resolved_text(resolved: int, marked_only: int, left: Mapping[str, int], notes: Sequence[str] = ()) -> str:
    """What `resolve` did: threads resolved, comments that only got their line, threads left by reason (our words)."""
    parts = [f"Resolved {count(resolved, 'thread')}."]
    if marked_only:
        parts.append(
            f"Said so in {count(marked_only, 'comment')}, without resolving: "
            "that needs the permission `contents: write`, which this installation does not grant."
        )
    if left:
        reasons = ", ".join(f"{number} ({why})" for why, number in left.items())
        parts.append(f"Left as they are: {reasons}.")
    return " ".join((*parts, *notes))


def _line(fate: Fate, sha: str, now: bool) -> str:
    if fate is Fate.FIXED:
        return f"✅ **Fixed** {'in' if now else 'as of'} `{sha}`."
    if fate is Fate.OUTDATED:
        return f"✅ **Outdated** {'since' if now else 'as of'} `{sha}`: its code is no part of the change any more."
    return ""
