"""What a path and a first line say of a file."""

from __future__ import annotations

import pytest
from ast_grep_py import SgRoot

from workers.analysis.languages import Ecosystem, Language, Manifest, is_test_path, language_of, manifest_of


@pytest.mark.parametrize("language", Language)
def test_ast_grep_knows_every_language(language: Language) -> None:
    assert SgRoot("x", language).root() is not None


@pytest.mark.parametrize(
    ("path", "text", "language"),
    [
        ("a/b.py", "", Language.PYTHON),
        ("a/b.PYI", "", Language.PYTHON),
        ("a.jsx", "", Language.JAVASCRIPT),
        ("a.mjs", "", Language.JAVASCRIPT),
        ("a.d.ts", "", Language.TYPESCRIPT),
        ("a.tsx", "", Language.TSX),
        ("A.java", "", Language.JAVA),
        ("build.gradle.kts", "", Language.KOTLIN),
        ("main.go", "", Language.GO),
        ("lib.rs", "", Language.RUST),
        ("Gemfile", "", Language.RUBY),
        ("bin/run", "#!/usr/bin/env python3.12\n", Language.PYTHON),
        ("bin/run", "#!/usr/bin/env -S A=1 node --flag\n", Language.JAVASCRIPT),
        ("bin/run", "#! /bin/sh -e\n", Language.BASH),
        ("bin/run", "#!/opt/py/bin/python\n", Language.PYTHON),
        ("bin/run", "# python\n", None),
        ("notes.txt", "#!/bin/sh\n", None),
        ("LICENSE", "", None),
        ("", "", None),
    ],
)
def test_language(path: str, text: str, language: Language | None) -> None:
    assert language_of(path, text) is language


@pytest.mark.parametrize(
    "path",
    [
        "tests/x.py", "pkg/test_x.py", "pkg/x_test.py", "conftest.py", "x_test.go", "src/a.test.ts", "src/a.spec.jsx",
        "src/__tests__/a.js", "src/test/java/FooTest.java", "FooTests.kt", "src/FooIT.java", "spec/foo_spec.rb",
        "crate/tests/it.rs", "run.bats", "contracts/A.t.sol", "Test.java",
    ],
)  # fmt: skip
def test_tests_are_known(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize(
    "path",
    ["src/latest.py", "contest.py", "src/testify.go", "Attest.java", "src/inspect.ts", "protest/x.py", "src/tests.md"],
)  # fmt: skip
def test_other_files_are_no_tests(path: str) -> None:
    assert not is_test_path(path)


@pytest.mark.parametrize(
    ("path", "manifest"),
    [
        ("package.json", Manifest(Ecosystem.NPM, lock=False)),
        ("web/pnpm-lock.yaml", Manifest(Ecosystem.NPM, lock=True)),
        ("requirements-dev.txt", Manifest(Ecosystem.PYPI, lock=False)),
        ("requirements/base.in", Manifest(Ecosystem.PYPI, lock=False)),
        ("requirements-dev.lock", Manifest(Ecosystem.PYPI, lock=True)),
        ("uv.lock", Manifest(Ecosystem.PYPI, lock=True)),
        ("go.sum", Manifest(Ecosystem.GO, lock=True)),
        ("app/build.gradle.kts", Manifest(Ecosystem.MAVEN, lock=False)),
        ("Cargo.toml", Manifest(Ecosystem.CARGO, lock=False)),
        ("src/App.csproj", Manifest(Ecosystem.NUGET, lock=False)),
        (".github/workflows/ci.yml", Manifest(Ecosystem.GITHUB_ACTIONS, lock=False)),
        ("docs/package.json.md", None),
        ("requirements.md", None),
    ],
)
def test_manifests(path: str, manifest: Manifest | None) -> None:
    assert manifest_of(path) == manifest
