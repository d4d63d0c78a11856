"""What a branch of ours offers over its base, and what of new files changes that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from workers.domain.delivery_paths import objection
from workers.github.commits import FILE, LINK, SUBMODULE, Entry, Row, blob_sha, read_fork_point, read_tree
from workers.github.rest import RestClient

FOLDER = "040000"
Files = Mapping[str, str | None]
"""Path → text; None: removed."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """`base` and `tip` hold what stands at both commits. `offered` maps the paths that the branch changes to the id of
    their content (None: removed), but those that somebody changed at the base since: there the base is right.

    `fork_sha` is the newest commit that both share; `tip_sha` None: there is no branch yet.
    """

    base: Mapping[str, Entry] = field(repr=False)
    tip_sha: str | None = None
    fork_sha: str = ""
    tip: Mapping[str, Entry] = field(default_factory=dict, repr=False)
    offered: Mapping[str, str | None] = field(default_factory=dict)

    def parents(self, base_sha: str) -> tuple[str, ...]:
        """What a new commit descends from: our last one, and the base where that moved or has ours already."""
        if self.tip_sha is None or self.fork_sha == self.tip_sha:
            return (base_sha,)
        return (self.tip_sha,) if self.fork_sha == base_sha else (self.tip_sha, base_sha)

    def rows(self, files: Files) -> tuple[Row, ...]:
        """Everything that is to differ from the base: what is offered already, with `files` over it."""
        rows = {path: Row(path, sha=sha) for path, sha in self.offered.items()}
        rows |= {path: Row(path, text) for path, text in files.items()}
        return tuple(row for path, row in sorted(rows.items()) if self._differs(row))

    def holds(self, files: Files) -> bool:
        """Whether the branch says just that already."""
        return self.tip_sha is not None and all(
            _id(self.tip, path) == (None if text is None else blob_sha(text)) for path, text in files.items()
        )

    def objections(self, files: Files) -> list[str]:
        """A sentence for each path that leads through a link, or is another's but for the case of its letters."""
        why_not = self.objector()
        return [f"`{path}` is not written: {why}." for path in files if (why := why_not(path))]

    def objector(self) -> Callable[[str], str]:
        """Why what stands at the base lets nobody write a path, as the end of a sentence; "" when it does."""
        named = {path.casefold(): path for path in self.base}
        return lambda path: self._why_not(path, named)

    def _why_not(self, path: str, named: Mapping[str, str]) -> str:
        around = [str(one) for one in PurePosixPath(path).parents][:-1]
        if any(one in self.base and self.base[one].mode != FOLDER for one in around):
            return "a link, a submodule or a file stands where a folder should"
        if path in self.base and self.base[path].mode != FILE:
            return "what stands there is no plain file"
        if any(named.get(one.casefold(), one) != one for one in (path, *around)):
            return "something stands there whose name differs in the case of its letters alone"
        return ""

    def _differs(self, row: Row) -> bool:
        wanted = row.sha if row.text is None else blob_sha(row.text)
        return _id(self.base, row.path) != wanted


async def read_overlay(
    client: RestClient, full_name: str, base_sha: str, tip_sha: str | None, folders: Sequence[str]
) -> Overlay:
    """Read both commits, and the one that they share. UserError when a repository is too large to be listed."""
    base = await read_tree(client, full_name, base_sha)
    if tip_sha is None:
        return Overlay(base)
    fork_sha = await read_fork_point(client, full_name, base_sha, tip_sha)
    tip = await read_tree(client, full_name, tip_sha)
    fork = base if fork_sha == base_sha else await read_tree(client, full_name, fork_sha)
    return Overlay(base, tip_sha, fork_sha, tip, dict(_offered(base, fork, tip, folders)))


def _offered(
    base: Mapping[str, Entry], fork: Mapping[str, Entry], tip: Mapping[str, Entry], folders: Sequence[str]
) -> Iterator[tuple[str, str | None]]:
    for path in sorted({*fork, *tip}):
        before, now = fork.get(path), tip.get(path)
        plain = all(one is None or one.mode == FILE for one in (before, now))
        if before != now and plain and base.get(path) == before and not objection(path, folders):
            yield path, now.sha if now is not None else None


def _id(entries: Mapping[str, Entry], path: str) -> str | None:
    entry = entries.get(path)
    return entry.sha if entry is not None else None


__all__ = ["FILE", "FOLDER", "LINK", "SUBMODULE", "Files", "Overlay", "read_overlay"]
