"""Pages of ours among a repository's files: which module each tells of, and what a change did to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.before import text_before
from workers.analysis.pages.document import Existing
from workers.analysis.pages.formats import FORMATS, Format
from workers.analysis.pages.slugs import safe
from workers.domain.change import ChangedFile

PAGES_MAX = 5_000
"""So many files of the folder are looked at; a change in a larger one is reviewed without its pages."""
HEAD_MAX_CHARS = 4_000
PAGE_MAX_CHARS = 400_000
MARKER, ENDS, PROPERTY = "<!-- page source: ", " category: ", "\nsource:: "


@dataclass(frozen=True, slots=True)
class Telling:
    """A page that tells of a module, as it stands after the change; `before` and `lines`, what the change wrote or took
    away, are there when it touches the page."""

    path: str
    now: Existing
    before: Existing | None = None
    lines: tuple[str, ...] = ()


def root_of(folder: str) -> str:
    """The folder of the pages, as paths begin with it; "": the repository's root."""
    plain = str(PurePosixPath(folder.strip("/")))
    return "" if plain == "." else plain


def tellings(
    files: Mapping[str, str], folder: str, modules: Sequence[str], changed: Sequence[ChangedFile]
) -> Mapping[str, Telling]:
    """Module → its page, for those of `modules` that have one below `folder`. Pages of people's own name no module."""
    wanted = {safe(path): path for path in modules}
    touched = {file.path: file for file in changed}
    found: dict[str, Telling] = {}
    for path, source, form in _ours(files, root_of(folder)):
        if source in wanted and (telling := _telling(path, files[path], source, form, touched.get(path))):
            found.setdefault(wanted[source], telling)
    return found


def _ours(files: Mapping[str, str], folder: str) -> Iterator[tuple[str, str, Format]]:
    start = f"{folder}/" if folder else ""
    pages = sorted(path for path in files if path.startswith(start) and path.endswith(".md"))
    for path in pages[:PAGES_MAX]:
        head = files[path][:HEAD_MAX_CHARS]
        if MARKER in head:
            yield path, _line_after(MARKER, head).partition(ENDS)[0], FORMATS["markdown"]
        elif PROPERTY in head:
            yield path, _line_after(PROPERTY, head), FORMATS["logseq"]


def _line_after(sign: str, text: str) -> str:
    return text.partition(sign)[2].partition("\n")[0].strip()


def _telling(path: str, text: str, source: str, form: Format, file: ChangedFile | None) -> Telling | None:
    if len(text) > PAGE_MAX_CHARS:
        return None
    now = form.read("", text.replace("\r\n", "\n"))
    if now.source != source:  # the marker stands in code, or where it means nothing
        return None
    old = text_before(file) if file is not None else None
    if file is None or old is None or len(old) > PAGE_MAX_CHARS:
        return Telling(path, now)
    lines = tuple(line[1:] for hunk in file.hunks for line in hunk.lines if line[:1] in ("+", "-"))
    return Telling(path, now, form.read("", old.replace("\r\n", "\n")), lines)
