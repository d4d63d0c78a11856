"""What a file is, from its path and its first line: language, test, dependency manifest or lockfile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePosixPath


class Language(StrEnum):
    """Languages by the names that ast-grep gives them; it panics at any other."""

    BASH = "bash"
    C = "c"
    CPP = "cpp"
    CSHARP = "csharp"
    CSS = "css"
    DART = "dart"
    ELIXIR = "elixir"
    GO = "go"
    HASKELL = "haskell"
    HCL = "hcl"
    HTML = "html"
    JAVA = "java"
    JAVASCRIPT = "javascript"
    JSON = "json"
    KOTLIN = "kotlin"
    LUA = "lua"
    MARKDOWN = "markdown"
    NIX = "nix"
    PHP = "php"
    PYTHON = "python"
    RUBY = "ruby"
    RUST = "rust"
    SCALA = "scala"
    SOLIDITY = "solidity"
    SWIFT = "swift"
    TSX = "tsx"
    TYPESCRIPT = "typescript"
    YAML = "yaml"


_SUFFIXES: Mapping[Language, str] = {
    Language.BASH: "sh bash zsh ksh bats",
    Language.C: "c h",
    Language.CPP: "cc cpp cxx c++ hh hpp hxx h++ ipp tpp cu cuh",
    Language.CSHARP: "cs csx",
    Language.CSS: "css",
    Language.DART: "dart",
    Language.ELIXIR: "ex exs",
    Language.GO: "go",
    Language.HASKELL: "hs",
    Language.HCL: "hcl tf tfvars",
    Language.HTML: "html htm xhtml",
    Language.JAVA: "java",
    Language.JAVASCRIPT: "js jsx mjs cjs",
    Language.JSON: "json jsonc json5 webmanifest",
    Language.KOTLIN: "kt kts",
    Language.LUA: "lua",
    Language.MARKDOWN: "md markdown mdx",
    Language.NIX: "nix",
    Language.PHP: "php phtml",
    Language.PYTHON: "py pyi pyw",
    Language.RUBY: "rb rake gemspec ru",
    Language.RUST: "rs",
    Language.SCALA: "scala sc sbt",
    Language.SOLIDITY: "sol",
    Language.SWIFT: "swift",
    Language.TSX: "tsx",
    Language.TYPESCRIPT: "ts mts cts",
    Language.YAML: "yml yaml",
}
_BY_SUFFIX = {f".{suffix}": language for language, row in _SUFFIXES.items() for suffix in row.split()}
_BY_NAME: Mapping[str, Language] = {
    "Gemfile": Language.RUBY,
    "Rakefile": Language.RUBY,
    "Vagrantfile": Language.RUBY,
    "SConstruct": Language.PYTHON,
    "SConscript": Language.PYTHON,
    "wscript": Language.PYTHON,
    ".bashrc": Language.BASH,
    ".bash_profile": Language.BASH,
    ".profile": Language.BASH,
    ".babelrc": Language.JSON,
    ".eslintrc": Language.JSON,
    ".prettierrc": Language.JSON,
    ".clang-format": Language.YAML,
}
_BY_INTERPRETER: Mapping[str, Language] = {
    "sh": Language.BASH,
    "bash": Language.BASH,
    "dash": Language.BASH,
    "ksh": Language.BASH,
    "zsh": Language.BASH,
    "python": Language.PYTHON,
    "pypy": Language.PYTHON,
    "node": Language.JAVASCRIPT,
    "nodejs": Language.JAVASCRIPT,
    "bun": Language.TYPESCRIPT,
    "deno": Language.TYPESCRIPT,
    "ts-node": Language.TYPESCRIPT,
    "tsx": Language.TYPESCRIPT,
    "ruby": Language.RUBY,
    "php": Language.PHP,
    "lua": Language.LUA,
    "elixir": Language.ELIXIR,
    "runhaskell": Language.HASKELL,
    "scala": Language.SCALA,
    "kotlin": Language.KOTLIN,
}
# "#!/usr/bin/env -S VAR=1 python3.12 -u" and "#!/usr/local/bin/python3"
_SHEBANG = re.compile(r"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*)?(?:\S*/)?([A-Za-z-]+)")
_SHEBANG_MAX_CHARS = 200
PATHS_MAX = 8_192
"""So many paths are remembered: a review asks of the same ones again and again."""


def language_of(path: str, text: str = "") -> Language | None:
    """The language by name or suffix; without either, by the interpreter that `text`'s first line names."""
    by_path, is_told = _by_path(path)
    if is_told:
        return by_path
    shebang = _SHEBANG.match(text[:_SHEBANG_MAX_CHARS].split("\n", 1)[0])
    return _BY_INTERPRETER.get(shebang[1].rstrip("-")) if shebang else None


@lru_cache(maxsize=PATHS_MAX)
def _by_path(path: str) -> tuple[Language | None, bool]:
    """The language by name or suffix, and whether there is nothing else to go by."""
    pure = PurePosixPath(path)
    found = _BY_NAME.get(pure.name) or _BY_SUFFIX.get(pure.suffix.lower())
    return found, found is not None or bool(pure.suffix)


_TEST_FOLDERS = frozenset(
    {"test", "tests", "__tests__", "spec", "specs", "testing", "e2e", "testdata", "androidTest"}
)
_TEST_NAMES = re.compile(
    r"(?:test_.+|.+_tests?|conftest)\.pyi?"
    r"|.+[._-](?:test|tests|spec|specs|e2e|cy)\.[cm]?[jt]sx?"
    r"|.+_test\.(?:go|rb|exs|dart|lua|cc|cpp|c|rs|sh|php)|.+_spec\.(?:rb|lua)|test_.+\.(?:sh|rb|lua|c|cc|cpp|rs)"
    r"|tests?\.rs|.+\.bats|.+\.t\.sol"
    r"|(?:.*[a-z0-9_])?(?:Test|Tests|TestCase|IT|Spec|Specs)\.(?:java|kt|kts|scala|swift|cs|php|groovy|hs)"
)  # fmt: skip


@lru_cache(maxsize=PATHS_MAX)
def is_test_path(path: str) -> bool:
    """Whether a file is a test, or made for tests, by the customs of its language."""
    pure = PurePosixPath(path)
    return not _TEST_FOLDERS.isdisjoint(pure.parts[:-1]) or _TEST_NAMES.fullmatch(pure.name) is not None


class Ecosystem(StrEnum):
    """Package ecosystems by the names that OSV gives them (https://ossf.github.io/osv-schema/)."""

    CARGO = "crates.io"
    COMPOSER = "Packagist"
    GITHUB_ACTIONS = "GitHub Actions"
    GO = "Go"
    HEX = "Hex"
    MAVEN = "Maven"
    NPM = "npm"
    NUGET = "NuGet"
    PUB = "Pub"
    PYPI = "PyPI"
    RUBYGEMS = "RubyGems"
    SWIFT = "SwiftURL"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file that names dependencies. `lock` is True when a tool wrote it, with every version settled."""

    ecosystem: Ecosystem
    lock: bool


_MANIFESTS: Mapping[Ecosystem, str] = {
    Ecosystem.CARGO: "Cargo.toml",
    Ecosystem.COMPOSER: "composer.json",
    Ecosystem.GO: "go.mod go.work",
    Ecosystem.HEX: "mix.exs",
    Ecosystem.MAVEN: "pom.xml build.gradle build.gradle.kts settings.gradle settings.gradle.kts libs.versions.toml",
    Ecosystem.NPM: "package.json pnpm-workspace.yaml",
    Ecosystem.NUGET: "*.csproj *.fsproj *.vbproj packages.config Directory.Packages.props",
    Ecosystem.PUB: "pubspec.yaml",
    Ecosystem.PYPI: "pyproject.toml setup.py setup.cfg Pipfile environment.yml requirements*.txt requirements*.in "
    "constraints*.txt",
    Ecosystem.RUBYGEMS: "Gemfile *.gemspec",
    Ecosystem.SWIFT: "Package.swift",
}
_LOCKS: Mapping[Ecosystem, str] = {
    Ecosystem.CARGO: "Cargo.lock",
    Ecosystem.COMPOSER: "composer.lock",
    Ecosystem.GO: "go.sum go.work.sum",
    Ecosystem.HEX: "mix.lock",
    Ecosystem.MAVEN: "gradle.lockfile buildscript-gradle.lockfile",
    Ecosystem.NPM: "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock",
    Ecosystem.NUGET: "packages.lock.json",
    Ecosystem.PUB: "pubspec.lock",
    Ecosystem.PYPI: "poetry.lock Pipfile.lock uv.lock pdm.lock pylock.toml requirements*.lock conda-lock.yml pixi.lock",
    Ecosystem.RUBYGEMS: "Gemfile.lock gems.locked",
    Ecosystem.SWIFT: "Package.resolved",
}
_PATTERNS = tuple(
    (pattern, Manifest(ecosystem, lock))
    for lock, table in ((False, _MANIFESTS), (True, _LOCKS))
    for ecosystem, row in table.items()
    for pattern in row.split()
)
_NAMES = {pattern: manifest for pattern, manifest in _PATTERNS if "*" not in pattern}
_GLOBS = tuple((pattern, manifest) for pattern, manifest in _PATTERNS if "*" in pattern)


def manifest_of(path: str) -> Manifest | None:
    """The dependency manifest or lockfile that `path` is, by its name."""
    pure = PurePosixPath(path)
    if pure.parts[:2] == (".github", "workflows") and pure.suffix in (".yml", ".yaml"):
        return Manifest(Ecosystem.GITHUB_ACTIONS, lock=False)
    if pure.parent.name == "requirements" and pure.suffix in (".txt", ".in"):
        return Manifest(Ecosystem.PYPI, lock=False)
    named = _NAMES.get(pure.name)
    return named or next((manifest for glob, manifest in _GLOBS if fnmatchcase(pure.name, glob)), None)
