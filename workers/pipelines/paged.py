"""The pages of ours that tell of what a change touches, and the changed files with what their modules were before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.patterns import compile_globs
from config.repository import DocsRules
from workers.analysis.before import text_before
from workers.analysis.pages.found import Telling, tellings
from workers.analysis.source import SourceFile
from workers.analysis.structure.importing import LANGUAGES
from workers.analysis.structure.read import READERS
from workers.domain.change import Change, FileStatus, Snapshot

MODULES_MAX = 50
"""Of so many changed modules the pages are held against the code; a change of more is a sweep that no page follows."""

IMPORTED_MAX = 200
"""So many changed modules are compared with what they were, for those who import them."""


def pages_of(change: Change, snapshot: Snapshot, rules: DocsRules) -> Mapping[str, Telling]:
    """Changed module → its page. None where pages follow pushes by themselves: they will be mended after the merge."""
    if rules.on_push:
        return {}
    is_told = compile_globs(rules.paths) if rules.paths else lambda _: True
    modules = [
        file.path for file in change.files if file.status is FileStatus.MODIFIED and is_told(file.path)
    ]
    return tellings(snapshot.files, rules.folder, modules, change.files) if modules else {}


def with_before(
    files: Sequence[SourceFile], change: Change, pages: Mapping[str, Telling]
) -> tuple[SourceFile, ...]:
    """`files`, those that have a page or that others may import by name with the text that they had before, as far as it
    is known."""
    paged = [file.path for file in files if file.path in pages and file.language in READERS]
    imported = [file.path for file in files if file.language in LANGUAGES]
    wanted = {*paged[:MODULES_MAX], *imported[:IMPORTED_MAX]}
    changed = (one for one in change.files if one.path in wanted and one.status is FileStatus.MODIFIED)
    old = {one.path: text for one in changed if (text := text_before(one)) is not None}
    return tuple(replace(file, before=old[file.path]) if file.path in old else file for file in files)
