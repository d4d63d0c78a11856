"""Dependencies: what manifests ask for now, what lockfiles say, and which modules import each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.before import text_before
from workers.analysis.languages import Ecosystem, manifest_of
from workers.analysis.manifests import Requirement, requirements
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View
from workers.experts.coupling import cycles, undeclared

NAMES_MAX = 8


@dataclass(frozen=True, slots=True)
class DependencyExpert:
    """What the change leans on."""

    aspect: Aspect = Aspect.DEPENDENCY
    focus: str = (
        "Dependencies: new packages that a few lines or the standard library would replace, that duplicate one in "
        "use, or whose name looks like another's; versions that break callers; modules that now depend on a layer "
        "above them; public interfaces that other modules of the repository still use the old way."
    )

    def worth_running(self, view: View) -> bool:
        """Manifests or importing code."""
        return bool(view.sources) or any(manifest_of(file.path) for file in view.change.files)

    def static(self, view: View) -> tuple[Finding, ...]:
        """Manifest changes, lockfiles out of step, new import cycles, imports that nothing declares."""
        manifests = [finding for file in view.change.files for finding in _manifest(file, view)]
        return (*manifests, *_out_of_step(view), *cycles(view), *undeclared(view))


def _manifest(file: ChangedFile, view: View) -> Iterator[Finding]:
    before = text_before(file)
    if file.text is None or before is None or manifest_of(file.path) is None:
        return
    old, new = requirements(file.path, before), requirements(file.path, file.text)
    if old is None or new is None:
        return
    for name, wanted in new.items():
        if name not in old or old[name].wanted != wanted.wanted:
            yield from _about(wanted, old.get(name), file, view)


def _about(new: Requirement, old: Requirement | None, file: ChangedFile, view: View) -> Iterator[Finding]:
    line = _line_of(new, file)
    if new.wanted.startswith(("http://", "git+http://", "@ http://")):
        yield _finding(
            "plain-http", Severity.HIGH, file, line, view,
            f"`{new.name}` is fetched without encryption",
            f"`{new.wanted}` can be replaced by anyone on the way, and what arrives is run (CWE-494).",
            "Use https and a checksum, or the package index.",
        )  # fmt: skip
    elif new.is_address and not new.is_fixed:
        yield _finding(
            "moving-address", Severity.MEDIUM, file, line, view,
            f"`{new.name}` comes from an address that can change",
            f"`{new.wanted}` names no commit and no checksum: tomorrow's build may hold other code than today's.",
            "Pin a full commit hash, or use a released version.",
        )  # fmt: skip
    elif new.is_unbounded:
        yield _finding(
            "unbounded", Severity.LOW, file, line, view,
            f"`{new.name}` has no version",
            f"Any version of `{new.name}` will do, also the next one that breaks its callers.",
            "Name the least version that works, and the major version it may not cross.",
        )  # fmt: skip
    elif old is not None and new.major is not None and old.major is not None and new.major != old.major:
        word = "raised" if new.major > old.major else "lowered"
        yield _finding(
            "major-version", Severity.LOW, file, line, view,
            f"`{new.name}` is {word} from major version {old.major} to {new.major}",
            f"`{old.wanted}` became `{new.wanted}`; another major version may break what the code relies on.",
            "Read its changelog for what was removed, and check the places that use it.",
        )  # fmt: skip


def _line_of(wanted: Requirement, file: ChangedFile) -> int | None:
    """The added line that names it."""
    lines = (file.text or "").split("\n")
    added = (number for number in sorted(file.added_lines()) if number <= len(lines))
    return next((number for number in added if wanted.name.lower() in lines[number - 1].lower()), None)


def _out_of_step(view: View) -> Iterator[Finding]:
    """A manifest whose dependencies changed beside a lockfile that did not."""
    changed = {file.path for file in view.change.files}
    for file in view.change.files:
        manifest = manifest_of(file.path)
        if manifest is None or manifest.lock or not _asks_for_something_else(file):
            continue
        locks = _locks_of(file.path, manifest.ecosystem, view)
        if locks and not changed & set(locks):
            yield _finding(
                "lockfile", Severity.MEDIUM, file, None, view,
                f"`{locks[0]}` was not brought up to date",
                f"`{file.path}` asks for other dependencies than before, but its lockfile is unchanged: installs fail, "
                "or silently keep the old versions.",
                "Run the package manager's lock command and commit the result.",
            )  # fmt: skip


def _asks_for_something_else(file: ChangedFile) -> bool:
    before = text_before(file)
    if before is None or file.text is None:
        return False
    old, new = requirements(file.path, before), requirements(file.path, file.text)
    return old is not None and new is not None and old != new


def _locks_of(path: str, ecosystem: Ecosystem, view: View) -> list[str]:
    """Lockfiles of the ecosystem in the manifest's folder, or else in the nearest folder above it."""
    known = {*view.snapshot.files, *(file.path for file in view.change.files)}
    for folder in PurePosixPath(path).parents:
        found = [
            other
            for other in sorted(known)
            if PurePosixPath(other).parent == folder
            and (manifest := manifest_of(other)) is not None
            and manifest.lock
            and manifest.ecosystem is ecosystem
        ]
        if found:
            return found
    return []


def _finding(
    rule: str,
    severity: Severity,
    file: ChangedFile,
    line: int | None,
    view: View,
    title: str,
    description: str,
    recommendation: str,
) -> Finding:
    return Finding(
        aspect=Aspect.DEPENDENCY,
        severity=severity,
        rule=f"manifest/{rule}",
        path=file.path,
        title=title,
        description=description,
        recommendation=recommendation,
        line=line,
        evidence=view.quote(file.path, line) if line else "",
        confidence=0.85,
        sources=(Source("tool", "manifest", rule),),
    )
