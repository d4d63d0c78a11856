"""What sort of change it is, and what sort each file is: by title and paths, without a model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from workers.analysis.languages import Language, is_test_path, language_of, manifest_of
from workers.domain.change import Change, ChangedFile
from workers.domain.description import Group, Kind, Told

CODE, TESTS, DOCUMENTATION, DEPENDENCIES = "Code", "Tests", "Documentation", "Dependencies"
CONFIGURATION, OTHER = "Configuration", "Other files"
ORDER = (CODE, TESTS, DOCUMENTATION, DEPENDENCIES, CONFIGURATION, OTHER)
KINDS_MAX = 3

_PROSE = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".txt")
_SETTINGS = (".toml", ".ini", ".cfg", ".conf", ".env", ".properties", ".xml")
_DATA = frozenset({Language.YAML, Language.JSON, Language.HCL})
_OF_FILES: Mapping[str, Kind] = {
    TESTS: Kind.TESTS,
    DOCUMENTATION: Kind.DOCUMENTATION,
    DEPENDENCIES: Kind.DEPENDENCIES,
    CONFIGURATION: Kind.CONFIGURATION,
}
# The first word of a title that keeps to https://www.conventionalcommits.org
_PREFIX = re.compile(r"\s{0,8}([A-Za-z]{2,12})(?:\([^()\n]{0,80}\))?!?:")
_OF_PREFIX: Mapping[str, Kind] = {
    "feat": Kind.FEATURE,
    "feature": Kind.FEATURE,
    "fix": Kind.FIX,
    "bugfix": Kind.FIX,
    "refactor": Kind.REFACTORING,
    "style": Kind.REFACTORING,
    "perf": Kind.PERFORMANCE,
    "test": Kind.TESTS,
    "tests": Kind.TESTS,
    "docs": Kind.DOCUMENTATION,
    "doc": Kind.DOCUMENTATION,
    "deps": Kind.DEPENDENCIES,
    "build": Kind.CONFIGURATION,
    "ci": Kind.CONFIGURATION,
}


def kinds_of(change: Change) -> tuple[Kind, ...]:
    """By the title's prefix, else by the files where all are of one sort; `OTHER` when neither tells."""
    found = _PREFIX.match(change.title)
    named = _OF_PREFIX.get(found[1].lower()) if found else None
    if named is not None:
        return (named,)
    natures = {nature(file) for file in change.files}
    only = _OF_FILES.get(natures.pop()) if len(natures) == 1 else None
    return (only or Kind.OTHER,)


def groups_of(files: Iterable[ChangedFile], told: Mapping[str, str]) -> tuple[Group, ...]:
    """Every file once, by nature, the most changed first; `told` says what happens in some."""
    found: dict[str, list[ChangedFile]] = defaultdict(list)
    for file in files:
        found[nature(file)].append(file)
    return tuple(
        Group(
            name,
            tuple(Told(file, told.get(file.path, "")) for file in sorted(found[name], key=_most_changed)),
        )
        for name in ORDER
        if name in found
    )


def nature(file: ChangedFile) -> str:
    """One of `ORDER`, by the path alone."""
    path = file.path
    if is_test_path(path):
        return TESTS
    if manifest_of(path) is not None:
        return DEPENDENCIES
    lower, language = path.lower(), language_of(path, file.text or "")
    if lower.endswith(_PROSE):
        return DOCUMENTATION
    if language in _DATA or lower.endswith(_SETTINGS) or lower.split("/")[-1].startswith("."):
        return CONFIGURATION
    return OTHER if language is None else CODE


def _most_changed(file: ChangedFile) -> tuple[int, str]:
    return -file.additions - file.deletions, file.path
