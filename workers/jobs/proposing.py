"""What merging a pull request would do to the rules, said in the pull request that changes a file of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.differences import differences
from config.errors import ConfigError
from config.layers import Layer, Source, effective
from config.loader import load_layer
from config.operator import OperatorRules
from workers.domain.change import Change, ChangedFile, FileStatus
from workers.jobs.rules import CONFIG_PATHS, ORGANISATION_PATH, ORGANISATION_REPOSITORY, Rules, said

LAST_VALID = "Merged like this, the last valid configuration would stay in force."


@dataclass(frozen=True, slots=True)
class Proposal:
    """`change` of the repository `full_name`, which is judged by `rules` all the same."""

    rules: Rules
    full_name: str
    change: Change
    operator: OperatorRules

    def told(self) -> tuple[str, ...]:
        """A sentence or two for each file of configuration that the change touches: mistakes, or what will differ."""
        return (*self._organisations(), *self._repositorys())

    def _organisations(self) -> Iterator[str]:
        """The organisation's file, where this is its repository: what it does to those that say nothing themselves."""
        if self.full_name.partition("/")[2] != ORGANISATION_REPOSITORY:
            return
        before = tuple(one for one in self.rules.layers if one.source is Source.ORGANISATION)
        whose = " in every repository of this owner that says nothing else"
        if (file := self._written(ORGANISATION_PATH)) is not None:
            yield self._read(file, Source.ORGANISATION, before, (), whose)
        elif self._is_removed(ORGANISATION_PATH):
            yield self._gone(ORGANISATION_PATH, before, (), whose)

    def _repositorys(self) -> Iterator[str]:
        """The first file that will stand there counts, no other."""
        below = tuple(one for one in self.rules.layers if one.source is not Source.REPOSITORY)
        gone = ""
        for path in CONFIG_PATHS:
            if (file := self._written(path)) is not None:
                yield self._read(file, Source.REPOSITORY, self.rules.layers, below, "")
                return
            if path == self.rules.path:
                if not self._is_removed(path):
                    yield from self._shadowed(path)
                    return
                gone = path
        if gone:
            yield self._gone(gone, self.rules.layers, below, "")

    def _shadowed(self, path: str) -> Iterator[str]:
        for other in CONFIG_PATHS[CONFIG_PATHS.index(path) + 1 :]:
            if self._written(other) is not None:
                yield f"`{other}` is not read as long as there is `{path}`."

    def _read(
        self,
        file: ChangedFile,
        source: Source,
        before: tuple[Layer, ...],
        below: tuple[Layer, ...],
        whose: str,
    ) -> str:
        if file.text is None:
            return f"`{file.path}` can't be read: {file.omitted or 'its text is missing'}. {LAST_VALID}"
        try:
            layer = load_layer(file.text, source, file.path)
        except ConfigError as error:
            return f"`{file.path}` {said(error)} {LAST_VALID}"
        return self._explained(f"`{file.path}` is valid", before, (*below, layer), whose)

    def _gone(self, path: str, before: tuple[Layer, ...], below: tuple[Layer, ...], whose: str) -> str:
        return self._explained(f"`{path}` is taken away", before, below, whose)

    def _explained(self, what: str, before: tuple[Layer, ...], after: tuple[Layer, ...], whose: str) -> str:
        changed = differences(effective(before, self.operator), effective(after, self.operator))
        if not changed:
            return f"{what}; merging it changes no value that is in force{whose}."
        return f"{what}; once merged it changes{whose}: {'; '.join(changed)}. This review went by the base's rules."

    def _written(self, path: str) -> ChangedFile | None:
        file = self.change.file(path)
        return None if file is None or file.status is FileStatus.REMOVED else file

    def _is_removed(self, path: str) -> bool:
        return any(
            (one.path == path and one.status is FileStatus.REMOVED)
            or (one.old_path == path and one.status is FileStatus.RENAMED)
            for one in self.change.files
        )
