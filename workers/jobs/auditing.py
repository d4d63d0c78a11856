"""What the audit job reads of a repository, as values: every file of a head, with its text or why it has none."""

from __future__ import annotations

from collections.abc import Iterator

from workers.domain.change import ChangedFile, FileStatus, Snapshot


def tree_of(snapshot: Snapshot) -> tuple[ChangedFile, ...]:
    """The files as a scan takes them."""
    return tuple(_files(snapshot))


def _files(snapshot: Snapshot) -> Iterator[ChangedFile]:
    for path in sorted({*snapshot.files, *snapshot.omitted}):
        yield ChangedFile(
            path, FileStatus.ADDED, text=snapshot.files.get(path), omitted=snapshot.omitted.get(path)
        )
