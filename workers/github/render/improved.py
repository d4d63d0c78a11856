"""Suggestions as Markdown: one comment each, the review that carries them, and the reply that names the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.improvement import Impact, Improvement, Improvements, LeftOut, NoImprovements
from workers.github.fences import cap, code_span, fenced
from workers.github.markers import improve_marker, improvement_marker
from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.render.rendering import Rendering
from workers.github.sanitise import Sanitiser

TITLE_MAX_CHARS = 120
WHY_MAX_CHARS = 300
LEFT_MAX = 40
LEFT_MAX_BYTES = 8_000
UNREAD_MAX = 10
NOTICES_MAX = 4
ICONS = {Impact.HIGH: "🔼", Impact.MEDIUM: "▶️", Impact.LOW: "🔽"}


def improvement_comment(one: Improvement, sanitiser: Sanitiser) -> str:
    """The comment at its lines. The caller has made sure that the suggestion may be posted as it is."""
    return f"{_told(one, sanitiser, fenced(one.suggestion.split(chr(10)), 'suggestion'))}\n\n{_mark(one)}"


def improvement_words(one: Improvement, sanitiser: Sanitiser) -> str:
    """The same where the suggestion can't be committed from."""
    return f"{improvement_text(one, sanitiser)}\n\n{_mark(one)}"


def improvement_text(one: Improvement, sanitiser: Sanitiser) -> str:
    """What it is, why, and the code, without a mark."""
    return _told(one, sanitiser, sanitiser.code(one.suggestion))


def improve_body(offered: int, head_sha: str, rendering: Rendering) -> str:
    """The body of the review that carries the comments: GitHub wants one."""
    line = (
        f"{count(offered, 'suggestion')} for `{head_sha[:SHORT_SHA_CHARS]}`, each of which was applied to the file and "
        "parsed there before it was posted."
    )
    return f"{line}\n\n{improve_marker(rendering.work_key, rendering.generation)}"


def improved_text(found: Improvements, sanitiser: Sanitiser, review_url: str = "") -> str:
    """The reply: where the suggestions are, and every other one with the reason."""
    where = f"[{count(len(found.offered), 'suggestion')} to commit]({review_url})." if found.offered else ""
    nothing = "Nothing was proposed." if not found.left else "Nothing that could be committed was proposed."
    return paragraphs(where or nothing, not_offered_text(found, sanitiser))


def not_offered_text(found: Improvements, sanitiser: Sanitiser) -> str:
    """Every proposal that is not offered with the reason, what nobody read, and notices; "" when there is none."""
    return paragraphs(
        _left(found.left, sanitiser),
        _unread(found.unread, sanitiser),
        "\n".join(f"> {sanitiser.line(one, WHY_MAX_CHARS)}  " for one in found.notices[:NOTICES_MAX]),
    )


def no_improvements_text(refused: NoImprovements, sanitiser: Sanitiser) -> str:
    """That nobody suggested anything, and why."""
    return f"No suggestions: {sanitiser.line(refused.why, WHY_MAX_CHARS)}"


def _told(one: Improvement, sanitiser: Sanitiser, suggestion: str) -> str:
    title = sanitiser.line(one.title, TITLE_MAX_CHARS)
    model = sanitiser.line(one.model, 60)
    by = f" · {model}" if model else ""
    heading = f"{ICONS[one.impact]} **{one.impact} impact**{by} — **{title}**"
    return cap(paragraphs(heading, sanitiser.clean(one.why), suggestion))


def _mark(one: Improvement) -> str:
    return improvement_marker(one.fingerprint)


def _left(left: Sequence[LeftOut], sanitiser: Sanitiser) -> str:
    if not left:
        return ""
    lines = (
        f"- {code_span(sanitiser.path(one.path)) or 'no file'} {sanitiser.line(one.title, TITLE_MAX_CHARS)}: "
        f"{sanitiser.line(one.why, WHY_MAX_CHARS)}"
        for one in left
    )
    listed = bounded(lines, count_max=LEFT_MAX, max_bytes=LEFT_MAX_BYTES)
    return fold(f"{count(len(left), 'proposal')} not offered", listed)


def _unread(paths: Sequence[str], sanitiser: Sanitiser) -> str:
    if not paths:
        return ""
    named = ", ".join(code_span(sanitiser.path(path)) for path in paths[:UNREAD_MAX])
    more = f" and {len(paths) - UNREAD_MAX:,} more" if len(paths) > UNREAD_MAX else ""
    return f"Not wholly read: {named}{more}."
