"""Lockfiles out of step with their manifests, in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from workers.analysis.languages import Ecosystem, manifest_of
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.finding import Finding, Severity
from workers.experts.base import View
from workers.experts.requirement_changes import Remark, difference, placed

HOST = re.compile(r"(?:https?|git(?:\+\w+)?|ssh)://(?:[^/@\s\"']{1,100}@)?([\w.-]{1,200})", re.IGNORECASE)


def out_of_step(view: View) -> Iterator[Finding]:
    """Manifests whose lockfile stayed behind, and lockfiles that changed by themselves."""
    for file in view.change.files:
        manifest = manifest_of(file.path)
        if manifest is None or file.status is FileStatus.REMOVED:
            continue
        remarks = (
            _alone(file, manifest.ecosystem, view)
            if manifest.lock
            else _behind(file, manifest.ecosystem, view)
        )
        yield from (placed(remark, file, view) for remark in remarks)


def _behind(file: ChangedFile, ecosystem: Ecosystem, view: View) -> Iterator[Remark]:
    changed = difference(file)
    locks = _near(file.path, ecosystem, view, lock=True) if changed is not None and changed.any else []
    if locks and not {one.path for one in view.change.files} & set(locks):
        yield Remark(
            "lockfile",
            Severity.MEDIUM,
            f"`{locks[0]}` was not brought up to date",
            f"`{file.path}` asks for other dependencies than before, but its lockfile is unchanged: installs fail, "
            "or silently keep the old versions.",
            "Run the package manager's lock command and commit the result.",
        )


def _alone(file: ChangedFile, ecosystem: Ecosystem, view: View) -> Iterator[Remark]:
    """Refreshing a lockfile is usual, so it is low; packages from a host that it did not name before are not."""
    manifests = _near(file.path, ecosystem, view, lock=False)
    changed = {one.path for one in view.change.files}
    hosts = _new_hosts(file)
    if not manifests or changed & set(manifests) or file.status is FileStatus.ADDED:
        return
    said = f" Packages now come from {', '.join(f'`{host}`' for host in hosts)}, too." if hosts else ""
    yield Remark(
        "lockfile-alone",
        Severity.MEDIUM if hosts else Severity.LOW,
        "Lockfile changed, but no manifest did",
        f"`{manifests[0]}` asks for what it asked for before, so only versions underneath it moved.{said} Nobody reads "
        "lockfiles line by line, which makes them a place to slip something in.",
        "Check that the package manager wrote this, best by running its update command again.",
        confidence=0.6,
    )


def _new_hosts(file: ChangedFile) -> list[str]:
    """Hosts of added lines that no removed or unchanged line around them names."""
    lines = [line for hunk in file.hunks for line in hunk.lines]
    added = {host for line in lines if line.startswith("+") for host in HOST.findall(line)}
    removed = {host for line in lines if not line.startswith("+") for host in HOST.findall(line)}
    return sorted(added - removed) if removed else []


def _near(path: str, ecosystem: Ecosystem, view: View, *, lock: bool) -> list[str]:
    """Lockfiles (or manifests) of the ecosystem in the folder of `path`, or else in the nearest folder above it."""
    known = {*view.snapshot.files, *(file.path for file in view.change.files)}
    fitting = [
        other
        for other in sorted(known)
        if (manifest := manifest_of(other)) is not None
        and manifest.lock is lock
        and manifest.ecosystem is ecosystem
    ]
    for folder in PurePosixPath(path).parents:
        if found := [other for other in fitting if PurePosixPath(other).parent == folder]:
            return found
    return []
