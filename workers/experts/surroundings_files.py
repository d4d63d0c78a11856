"""The files around a change that may be shown to a model: of the same languages, written by people, nearest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath

from workers.analysis.imports import ModuleGraph
from workers.analysis.languages import Language, is_test_path, language_of
from workers.analysis.omissions import Attributes, omission
from workers.domain.change import ChangedFile, FileStatus
from workers.experts.base import View
from workers.experts.masking import covered
from workers.experts.surroundings_lines import first_definition

FILE_MAX_CHARS = 400_000
_PROSE_AND_DATA = frozenset(
    {Language.MARKDOWN, Language.JSON, Language.CSS, Language.YAML, Language.HTML, Language.HCL}
)
_FAMILIES = (
    {Language.JAVASCRIPT, Language.TYPESCRIPT, Language.TSX},
    {Language.C, Language.CPP},
    {Language.JAVA, Language.KOTLIN, Language.SCALA},
)
_TYPED = frozenset({Language.JAVA, Language.C, Language.CPP, Language.CSHARP, Language.DART})


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How much is looked for, and how much of what is found is kept."""

    names_max: int = 40
    paths_per_name_max: int = 60
    mentions_max: int = 100
    uses_per_name_max: int = 6
    uses_per_path_max: int = 2
    calling_files_max: int = 100
    called_names_max: int = 40
    called_per_file_max: int = 12
    siblings_max: int = 20


@dataclass(frozen=True)
class Around:
    """A repository around a change. What is costly is found out once, and only of the files that are asked for."""

    view: View
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _hidden: dict[str, Mapping[int, str]] = field(default_factory=dict)
    _readable: dict[str, bool] = field(default_factory=dict)
    _defined: dict[tuple[str, str], int | None] = field(default_factory=dict)

    @cached_property
    def graph(self) -> ModuleGraph:
        """Who imports whom."""
        return ModuleGraph(self.view.snapshot.files)

    @cached_property
    def relatives(self) -> Mapping[str, list[str]]:
        """The paths of each family of languages that the change touches, those near the change first."""
        wanted = {family(source.path) for source in self.view.sources} - {""}
        folders = {source.path.rpartition("/")[0] for source in self.view.sources}
        kinds: dict[str, str] = {}  # by the end of a name: thousands of files have a few
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.view.snapshot.files:
            ending = path.rpartition("/")[2].rpartition(".")[2]
            if ending not in kinds:
                kinds[ending] = family(path)
            if kinds[ending] in wanted:
                found[kinds[ending]].append(path)
        for paths in found.values():
            paths.sort(key=lambda path: (is_test_path(path), path.rpartition("/")[0] not in folders))
        return found

    @cached_property
    def shown(self) -> Mapping[str, frozenset[int]]:
        """The lines that the hunks show anyway."""
        return {
            file.path: frozenset(number for hunk in file.hunks for number in hunk.right)
            for file in self.view.change.files
        }

    @cached_property
    def _attributes(self) -> Attributes:
        return Attributes.parse(self.view.change.attributes)

    def text(self, path: str) -> str:
        """The head's text; "" for one that is too long to be looked through."""
        text = self.view.snapshot.files.get(path, "")
        return text if len(text) <= FILE_MAX_CHARS else ""

    def lines(self, path: str) -> list[str]:
        """Its lines."""
        if path not in self._lines:
            self._lines[path] = self.text(path).split("\n")
        return self._lines[path]

    def hidden(self, path: str) -> Mapping[int, str]:
        """Its lines that belong to a secret of several lines."""
        if path not in self._hidden:
            self._hidden[path] = covered(self.text(path))
        return self._hidden[path]

    def is_readable(self, path: str) -> bool:
        """Whether people wrote it and the configuration lets it be read."""
        if path not in self._readable:
            file = self.view.change.file(path) or ChangedFile(path, FileStatus.MODIFIED)
            left_out = omission(file, self.text(path), FILE_MAX_CHARS * 4, self._attributes)
            self._readable[path] = left_out is None and not self.view.ignored(path)
        return self._readable[path]

    def defined(self, path: str, name: str, mentions_max: int) -> int | None:
        """The line (from 1) of the first definition of `name` there, within so many mentions: callers share names."""
        if (path, name) not in self._defined:
            text, typed = self.text(path), is_typed(path)
            self._defined[path, name] = first_definition(text, name, mentions_max, typed=typed)
        return self._defined[path, name]

    def folder(self, path: str, siblings_max: int) -> list[str]:
        """`path` and files beside it."""
        folder = path.rpartition("/")[0]
        kin = self.relatives.get(family(path), [])
        beside = (one for one in kin if one.rpartition("/")[0] == folder and one != path)
        return [path, *islice(beside, siblings_max)]

    def imports(self, other: str, path: str) -> bool:
        """Whether `other` imports `path`, as far as its language's imports are read."""
        return _hint(path) in self.text(other) and path in self.graph.targets(other)

    def distance(self, path: str, other: str) -> int:
        """How far `other` is from `path`: the same file, an importer, the same folder, further; tests behind code."""
        if path == other:
            return 0
        far = 5 * (is_test_path(other) and not is_test_path(path))
        if self.imports(other, path):
            return far + 1
        return far + (2 if path.rpartition("/")[0] == other.rpartition("/")[0] else _apart(path, other))


def family(path: str) -> str:
    """The languages that call each other, by the name of one; "" for what is no code."""
    language = language_of(path)
    if language is None or language in _PROSE_AND_DATA:
        return ""
    return min(next((kin for kin in _FAMILIES if language in kin), {language})).value


def is_typed(path: str) -> bool:
    """Whether its language defines functions by type and name."""
    return language_of(path) in _TYPED


def _apart(path: str, other: str) -> int:
    return 3 if path.partition("/")[0] == other.partition("/")[0] else 4


def _hint(path: str) -> str:
    """A word that every import of `path` holds."""
    pure = PurePosixPath(path)
    return pure.parent.name if pure.stem in ("__init__", "index") else pure.stem


def naming(
    around: Around, names: Iterable[tuple[str, str]], paths_max: int
) -> Mapping[tuple[str, str], list[str]]:
    """For each family and name the first files that hold the name, in one pass over the repository."""
    found: dict[tuple[str, str], list[str]] = {key: [] for key in names}
    for kind, paths in around.relatives.items():
        open_names = {name for each, name in found if each == kind}
        for path in paths:
            text = around.text(path)
            for name in [name for name in open_names if name in text]:
                found[kind, name].append(path)
                if len(found[kind, name]) >= paths_max:
                    open_names.discard(name)
    return found
