"""The coverage ledger: for every changed file, who really read it, or why nobody did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workers.analysis.omissions import Attributes, omission
from workers.analysis.source import Analysis, SourceFile
from workers.domain.change import ChangedFile, Omission
from workers.domain.review import Coverage, ToolRun
from workers.domain.task import DRY_RUN
from workers.experts.heard import Heard

WANTED = frozenset(
    {
        Omission.BINARY,
        Omission.GENERATED,
        Omission.VENDORED,
        Omission.FILTERED,
        Omission.SUBMODULE,
        Omission.LINK,
        Omission.REMOVED,
        Omission.NO_CONTENT_CHANGE,
    }
)
"""Omissions that leave nothing to be reviewed; any other means that something was not read."""

Readers = Callable[[SourceFile], Sequence[str]]
"""Names of the tools that are run on a file."""

NOT_ASKED = "no model was asked to read it: dry run"

HELPING = frozenset({"symbols"})
"""Runs that only find definitions: they read nothing on anybody's behalf."""


def classified(files: Iterable[ChangedFile], attributes: str, file_max_bytes: int) -> tuple[ChangedFile, ...]:
    """`files`, with those marked that are not worth reading: generated, vendored, too large.

    `attributes` is the text of the base's .gitattributes.
    """
    rules = Attributes.parse(attributes)
    return tuple(replace(file, omitted=omission(file, file.text, file_max_bytes, rules)) for file in files)


def without_ignored(files: Iterable[ChangedFile], ignored: Callable[[str], bool]) -> tuple[ChangedFile, ...]:
    """`files`, with those that the configuration filters out marked as omitted."""
    return tuple(
        replace(file, omitted=Omission.FILTERED, text=None)
        if file.omitted is None and ignored(file.path)
        else file
        for file in files
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """One entry for each changed file, and the paths of those that were not read as they should have been."""

    entries: tuple[Coverage, ...]
    unread: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Who read what: the tools' runs and gaps, and the model's."""

    analysis: Analysis
    heard: Heard
    readers: Readers
    gaps: Mapping[str, Mapping[str, str]]
    silent: Mapping[str, str]

    def entry(self, file: ChangedFile, source: SourceFile | None) -> Coverage:
        if file.omitted is not None or source is None:
            return Coverage(file.path, omitted=file.omitted or Omission.UNREADABLE, detail=file.detail)
        gaps = self.gaps.get(file.path, {})
        tools = [run.tool for run in self._runs(source, "ok") if run.tool not in gaps]
        told = [f"{tool}: {why}" for tool, why in gaps.items()]
        told += [f"{run.tool} failed" for run in self._runs(source, "failed")]
        told += [self.silent[file.path]] if file.path in self.silent else []
        return Coverage(file.path, tuple(dict.fromkeys((*tools, *self._model(file)))), detail="; ".join(told))

    def complete(self, entry: Coverage, source: SourceFile | None) -> bool:
        """Whether all that is worth reading of a file was read; a model makes up for a tool that can't parse it."""
        if entry.omitted is not None or source is None:
            return entry.omitted in WANTED
        if entry.path in self.silent or self._runs(source, "failed") or not entry.read_by:
            return False
        return entry.path not in self.gaps or entry.path in self.heard.read

    def _runs(self, source: SourceFile, outcome: str) -> list[ToolRun]:
        tools = set(self.readers(source)) - HELPING
        return [run for run in self.analysis.runs if run.outcome == outcome and run.tool in tools]

    def _model(self, file: ChangedFile) -> tuple[str, ...]:
        return self.heard.read.get(file.path, ())


def ledger(
    files: Sequence[ChangedFile],
    sources: Sequence[SourceFile],
    analysis: Analysis,
    heard: Heard | None,
    readers: Readers,
) -> Ledger:
    """What became of each of `files`, in their order."""
    readable = {source.path: source for source in sources}
    asked = heard or Heard()
    reading = _Reading(analysis, asked, readers, _gaps(analysis), _silent(asked))
    entries = tuple(reading.entry(file, readable.get(file.path)) for file in files)
    unread = (entry.path for entry in entries if not reading.complete(entry, readable.get(entry.path)))
    return Ledger(entries, frozenset(unread))


def _gaps(analysis: Analysis) -> Mapping[str, Mapping[str, str]]:
    """path → tool → why it was not read, or not wholly."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in analysis.unread:
        found[one.path][one.tool] = one.why
    return found


def _silent(heard: Heard) -> Mapping[str, str]:
    """path → why no model read it, or not all of it."""
    failed = {
        path: NOT_ASKED if failure.kind == DRY_RUN else f"the model did not read all of it: {failure.kind}"
        for failure in heard.failures
        for path in failure.paths
    }
    beyond = dict.fromkeys(heard.left_out, "the model did not read all of it: beyond the budget of batches")
    return {**failed, **beyond}
