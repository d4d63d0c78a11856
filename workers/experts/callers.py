"""Who imports what a change takes away or alters: importers that break, and interfaces with many users."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from workers.analysis.imports import ModuleGraph
from workers.analysis.structure.importing import importable, mentions
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View

USERS_MIN = 3
NAMES_MAX = 6


@dataclass(frozen=True, slots=True)
class Altered:
    """What a changed module no longer offers, and which functions ask for other arguments."""

    file: ChangedFile
    removed: frozenset[str]
    reshaped: frozenset[str]


def callers(view: View) -> Iterator[Finding]:
    """A high finding for each file whose importers break, or a low one where many use what it changed."""
    gone: dict[str, ChangedFile] = {path: file for file in view.change.files if (path := _old_place(file))}
    altered = {file.path: found for file in view.change.files if (found := _altered(file, view))}
    if not gone and not altered:
        return
    users = _users(view, frozenset(gone), frozenset(altered))
    for path, file in gone.items():
        importers = sorted({user for found in users.get(path, {}).values() for user in found})
        if importers:
            yield _missing(file, f"`{path}`", importers)
    for path, each in altered.items():
        yield from _about(each, users.get(path, {}), view)


def _users(view: View, gone: Set[str], altered: Set[str]) -> dict[str, dict[str, list[str]]]:
    """Who imports each of these modules at the head: path → imported name ("" for the module) → importers."""
    files = dict(view.snapshot.files) | {source.path: source.text for source in view.sources}
    for path in gone:
        files.pop(path, None)
    users: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for importer, target, one in ModuleGraph(files, gone).importers(gone | altered):
        for name in one.names or ("",):
            users[target][name].append(importer)
    return users


def _old_place(file: ChangedFile) -> str | None:
    """The path at which nothing is any more."""
    if file.status is FileStatus.REMOVED:
        return file.path
    return file.old_path if file.status is FileStatus.RENAMED else None


def _altered(file: ChangedFile, view: View) -> Altered | None:
    offered, text = view.analysis.offered.get(file.path), file.text
    if offered is None or text is None:
        return None
    old, new = importable(offered.before), importable(offered.now)
    if old is None or new is None:
        return None
    removed = frozenset(name for name in old.names - new.names if not mentions(text, name))
    reshaped = frozenset(
        name
        for name in old.required.keys() & new.required.keys()
        if not old.accepted[name] <= new.accepted[name]
        or not set(new.required[name]) <= set(old.required[name])
    )
    return Altered(file, removed, reshaped) if removed or reshaped else None


def _about(one: Altered, users: Mapping[str, Sequence[str]], view: View) -> Iterator[Finding]:
    broken = {name: users[name] for name in sorted(one.removed) if users.get(name)}
    if broken:
        importers = sorted({user for found in broken.values() for user in found})
        yield _missing(one.file, _cut([f"`{name}`" for name in broken]), importers)
        return
    changed = {file.path for file in view.change.files}
    used = {name: sorted(set(users.get(name, ())) - changed) for name in sorted(one.reshaped)}
    used = {name: found for name, found in used.items() if len(found) >= USERS_MIN}
    if used:
        yield _reshaped(one.file, used)


def _missing(file: ChangedFile, what: str, importers: Sequence[str]) -> Finding:
    count = "A module still imports" if len(importers) == 1 else f"{len(importers)} modules still import"
    return Finding(
        aspect=Aspect.DEPENDENCY,
        severity=Severity.HIGH,
        rule="imports/broken",
        path=file.path,
        title=f"{count} what this change removes",
        description=(
            f"{what} is gone, but is imported by {_cut([f'`{path}`' for path in importers])}: loading them fails."
        ),
        recommendation="Change the importers along with it, or keep the old name until they are.",
        confidence=0.8,
        sources=(Source("tool", "imports", "broken"),),
    )


def _reshaped(file: ChangedFile, used: Mapping[str, Sequence[str]]) -> Finding:
    said = [f"`{name}` by {_cut([f'`{path}`' for path in found])}" for name, found in used.items()]
    count = len({path for found in used.values() for path in found})
    return Finding(
        aspect=Aspect.DEPENDENCY,
        severity=Severity.LOW,
        rule="imports/interface",
        path=file.path,
        title=f"{count} modules import what takes other arguments now",
        description=f"Imported by modules that this change leaves as they are: {'; '.join(said[:NAMES_MAX])}.",
        recommendation="Check their calls, or give new parameters a default.",
        confidence=0.6,
        sources=(Source("tool", "imports", "interface"),),
    )


def _cut(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
    return ", ".join(names[:NAMES_MAX]) + more
