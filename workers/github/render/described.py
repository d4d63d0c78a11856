"""A description as Markdown: what the change does, whether issues are met, a diagram, and every file. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from workers.domain.change import ChangedFile
from workers.domain.description import Description, Diagram, Group, IssueCheck, Met, Told
from workers.github.fences import cap, code_span
from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.flowchart import flowchart
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.sanitise import Sanitiser, blob_url

BLOCK_MAX_BYTES = 20_000
"""Of a pull request's 65,536 characters: the rest is people's."""
FILES_SHOWN_MAX = 80
"""More files are told by folder."""
ROWS_MAX = 60
GROUP_MAX_BYTES = 9_000
LINE_MAX_CHARS = 300
WHAT_MAX_CHARS = 160
NOTICES_MAX = 4
ICONS = {Met.MET: "✅", Met.PART: "🟡", Met.NOT_SHOWN: "⚪", Met.UNKNOWN: "❔"}


def description_text(described: Description, sanitiser: Sanitiser) -> str:
    """At most 20,000 bytes; the caller puts marks around it."""
    return cap(
        paragraphs(
            _heading(described),
            _bullets(described, sanitiser),
            _issues(described, sanitiser),
            _drawn(described.diagram, sanitiser) if described.diagram else "",
            _walkthrough(described, sanitiser),
            _signature(described, sanitiser),
        ),
        BLOCK_MAX_BYTES,
        "*Shortened.*",
    )


def _heading(described: Description) -> str:
    kinds = ", ".join(kind.value for kind in described.kinds)
    return f"### What changes\n\n**Type:** {kinds}"


def _bullets(described: Description, sanitiser: Sanitiser) -> str:
    return "\n".join(f"- {sanitiser.line(one, LINE_MAX_CHARS)}" for one in described.bullets)


def _issues(described: Description, sanitiser: Sanitiser) -> str:
    lines = [_issue(one, described.head_sha, sanitiser) for one in described.issues]
    return "\n".join(["**Issues it names:**", *lines]) if lines else ""


def _issue(check: IssueCheck, head_sha: str, sanitiser: Sanitiser) -> str:
    # no word before the number that GitHub would take for closing it
    title = sanitiser.line(check.title, 100)
    why = sanitiser.line(check.why, LINE_MAX_CHARS) if check.why else ""
    place = _place(check, head_sha, sanitiser)
    told = " ".join(filter(None, (why, f"({place})" if place else "")))
    number = code_span(f"#{check.number}")
    return f"- {ICONS[check.met]} {number} {title}: **{check.met}**{f'. {told}' if told else ''}"


def _place(check: IssueCheck, head_sha: str, sanitiser: Sanitiser) -> str:
    if not check.path:
        return ""
    shown = sanitiser.path(check.path)
    if check.removed:
        return f"{code_span(shown)}, removed lines"
    span = code_span(f"{shown}:{check.start_line or check.line}")
    if not sanitiser.repository_url:
        return span
    url = blob_url(sanitiser.repository_url, head_sha, check.path, check.start_line or check.line)
    return f"[{span}]({url}{f'-L{check.line}' if check.start_line else ''})"


def _drawn(diagram: Diagram, sanitiser: Sanitiser) -> str:
    rest = f"; {count(diagram.left_out, 'touched file')} without any among these" if diagram.left_out else ""
    return f"{flowchart(diagram, sanitiser)}\n\n<sub>An arrow is an import{rest}.</sub>"


def _walkthrough(described: Description, sanitiser: Sanitiser) -> str:
    if not described.groups:
        return ""
    by_folder = described.files > FILES_SHOWN_MAX
    groups = [_group(group, sanitiser, by_folder=by_folder) for group in described.groups]
    unlisted = f"*{count(described.unlisted, 'more file')} that GitHub does not list.*"
    body = paragraphs(*groups, unlisted if described.unlisted else "")
    every = [told.file for group in described.groups for told in group.files]
    return fold(f"{count(described.files, 'file')}, {_lines(every)}", body)


def _group(group: Group, sanitiser: Sanitiser, *, by_folder: bool) -> str:
    files = [told.file for told in group.files]
    rows = _folders(files, sanitiser) if by_folder else (_file(one, sanitiser) for one in group.files)
    head = f"**{group.name}** · {count(len(files), 'file')}, {_lines(files)}"
    return f"{head}\n{bounded(rows, count_max=ROWS_MAX, max_bytes=GROUP_MAX_BYTES)}"


def _file(told: Told, sanitiser: Sanitiser) -> str:
    file = told.file
    what = f": {sanitiser.line(told.what, WHAT_MAX_CHARS)}" if told.what else ""
    moved = f", was {code_span(sanitiser.path(file.old_path))}" if _is_moved(file) and file.old_path else ""
    unread = f", {file.omitted.value}" if file.omitted and file.omitted.value != file.status.value else ""
    return f"- {code_span(sanitiser.path(file.path))} ({file.status.value}{moved}{unread}) {_lines([file])}{what}"


def _folders(files: Sequence[ChangedFile], sanitiser: Sanitiser) -> Iterator[str]:
    """A line a folder, the one with most files first: every file is counted in one of them."""
    found: dict[str, list[ChangedFile]] = defaultdict(list)
    for file in files:
        found[file.path.rpartition("/")[0]].append(file)
    for folder, inside in sorted(found.items(), key=lambda one: (-len(one[1]), one[0])):
        yield f"- {code_span(sanitiser.path(f'{folder}/'))} {count(len(inside), 'file')}, {_lines(inside)}"


def _lines(files: Iterable[ChangedFile]) -> str:
    added = removed = 0
    for file in files:
        added, removed = added + file.additions, removed + file.deletions
    return f"+{added:,} −{removed:,}"


def _is_moved(file: ChangedFile) -> bool:
    return file.old_path is not None and file.old_path != file.path


def _signature(described: Description, sanitiser: Sanitiser) -> str:
    """Who wrote it, from what, and what is missing."""
    at = f"`{described.head_sha[:SHORT_SHA_CHARS]}`"
    if described.model:
        who = f"Described by {sanitiser.line(described.model, 60)} at {at}"
        who += f"; {count(described.unread, 'file')} known by name alone." if described.unread else "."
    else:
        why = sanitiser.line(described.unasked, LINE_MAX_CHARS).rstrip(".")
        who = f"Described at {at} from paths and commit messages, as no model wrote it: {why}."
    notices = [sanitiser.line(one, LINE_MAX_CHARS) for one in described.notices[:NOTICES_MAX]]
    return f"<sub>{' '.join([who, *notices])}</sub>"
