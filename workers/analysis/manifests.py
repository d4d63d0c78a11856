"""Dependency manifests: what a file asks for, by name, and how firmly. Reads data only, runs nothing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis import manifest_lines
from workers.analysis.languages import Ecosystem, manifest_of

TEXT_MAX_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class Requirement:
    """One dependency. `wanted` is the version or address as written, "" when there is none."""

    name: str
    wanted: str

    @property
    def is_unbounded(self) -> bool:
        """Whether any version will do."""
        return self.wanted.strip().strip("\"'") in ("", "*", "latest", "x", ">=0", ">=0.0.0")

    @property
    def is_address(self) -> bool:
        """Whether it comes from an address instead of a package index."""
        return ADDRESS.search(self.wanted) is not None

    @property
    def is_fixed(self) -> bool:
        """Whether an address names one commit or one checked file."""
        return COMMIT.search(self.wanted) is not None

    @property
    def major(self) -> int | None:
        """The first number of the version, if it begins with one."""
        found = MAJOR.match(self.wanted)
        return int(found[1]) if found else None


ADDRESS = re.compile(r"^@?\s*(git\+|git:|git@|https?:|ssh:|github:|gitlab:|bitbucket:)|^[\w.-]+/[\w.-]+(#|$)")
COMMIT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])|sha(256|512)[=:-]")
MAJOR = re.compile(r"^[\s\"'^~=<>!v]*(\d{1,6})(?:\.|\s|,|$|[\"'])")
PEP_508 = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<wanted>(?:@\s*\S+|\(?[<>=!~][^;#]*))?"
)
GO_REQUIRE = re.compile(
    r"^\s*(?:require\s+)?(?P<name>[\w.-]+\.[\w./-]+)\s+(?P<wanted>v[\w.+-]+)", re.MULTILINE
)


def requirements(path: str, text: str) -> dict[str, Requirement] | None:
    """Name → requirement of a manifest, names as the ecosystem compares them; None for one that can't be read."""
    manifest = manifest_of(path)
    reader = _reader(path)
    if manifest is None or manifest.lock or reader is None or len(text) > TEXT_MAX_CHARS:
        return None
    try:
        found = list(reader(text))
    except (
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # a document of another shape than the format's
        return None
    canonical = manifest.ecosystem is Ecosystem.PYPI
    return {(normalised(one.name) if canonical else one.name): one for one in found}


def normalised(name: str) -> str:
    """A Python distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _reader(path: str) -> Callable[[str], Iterator[Requirement]] | None:
    pure = PurePosixPath(path)
    by_name = {
        "package.json": _package_json,
        "pyproject.toml": _pyproject,
        "Cargo.toml": _cargo,
        "go.mod": _go_mod,
        "composer.json": _composer,
        "pom.xml": _lines(manifest_lines.pom),
        "build.gradle": _lines(manifest_lines.gradle),
        "build.gradle.kts": _lines(manifest_lines.gradle),
        "Gemfile": _lines(manifest_lines.gemfile),
    }
    if pure.name in by_name:
        return by_name[pure.name]
    is_list = pure.suffix in (".txt", ".in") and manifest_of(path) is not None
    return _requirement_lines if is_list else None


def _pep_508(line: str) -> Iterator[Requirement]:
    found = PEP_508.match(line)
    if found:
        yield Requirement(found["name"], (found["wanted"] or "").strip())


def _requirement_lines(text: str) -> Iterator[Requirement]:
    for line in text.replace("\\\n", " ").split("\n"):
        bare = line.partition(" #")[0].strip()
        if bare and not bare.startswith(("#", "-", ".", "/")):
            yield from _pep_508(bare)


def _pyproject(text: str) -> Iterator[Requirement]:
    document = tomllib.loads(text)
    project = document.get("project", {})
    groups = [project.get("dependencies", []), document.get("build-system", {}).get("requires", [])]
    groups += [
        *project.get("optional-dependencies", {}).values(),
        *document.get("dependency-groups", {}).values(),
    ]
    for line in (line for group in groups for line in group if isinstance(line, str)):
        yield from _pep_508(line)
    poetry = document.get("tool", {}).get("poetry", {})
    tables = [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {})]
    tables += [group.get("dependencies", {}) for group in poetry.get("group", {}).values()]
    for name, wanted in (item for table in tables for item in table.items()):
        if name != "python":
            yield Requirement(name, _version(wanted))


def _package_json(text: str) -> Iterator[Requirement]:
    document = json.loads(text)
    for key in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
        for name, wanted in document.get(key, {}).items():
            yield Requirement(str(name), str(wanted))


def _composer(text: str) -> Iterator[Requirement]:
    document = json.loads(text)
    for key in ("require", "require-dev"):
        for name, wanted in document.get(key, {}).items():
            if "/" in name:  # the others are PHP itself and its extensions
                yield Requirement(str(name), str(wanted))


def _lines(read: Callable[[str], Iterator[manifest_lines.Pair]]) -> Callable[[str], Iterator[Requirement]]:
    return lambda text: (Requirement(name, wanted) for name, wanted in read(text))


def _cargo(text: str) -> Iterator[Requirement]:
    document = tomllib.loads(text)
    tables = [document, document.get("workspace", {}), *document.get("target", {}).values()]
    for table in tables:
        for key in ("dependencies", "dev-dependencies", "build-dependencies"):
            for name, wanted in table.get(key, {}).items():
                yield Requirement(name, _version(wanted))


def _go_mod(text: str) -> Iterator[Requirement]:
    for found in GO_REQUIRE.finditer(text):
        yield Requirement(found["name"], found["wanted"])


def _version(wanted: object) -> str:
    """The version of a TOML entry: a string, or a table with a version, an address or a path."""
    if not isinstance(wanted, Mapping):
        return str(wanted)
    if "git" in wanted:
        return f"git+{wanted['git']}@{wanted.get('rev', wanted.get('tag', wanted.get('branch', '')))}"
    if "path" in wanted or wanted.get("workspace") is True:
        return "path"
    return str(wanted.get("version", wanted.get("url", "")))
