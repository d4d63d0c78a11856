"""Manifests of the common ecosystems."""

from __future__ import annotations

import pytest

from workers.analysis.manifests import Requirement, requirements

MANIFESTS = {
    "requirements.txt": "# c\n-r other.txt\nMy_Pkg[x]>=1.2 ; python_version > '3'  # why\nother\n",
    "pyproject.toml": '[project]\ndependencies = ["my.pkg>=1.2", "other"]\n[dependency-groups]\ndev = [{x = 1}]\n',
    "package.json": '{"dependencies": {"my-pkg": ">=1.2"}, "devDependencies": {"other": ""}}',
    "Cargo.toml": '[dependencies]\nmy-pkg = {version = ">=1.2", features = []}\nother = ""\n',
}


@pytest.mark.parametrize("path", sorted(MANIFESTS))
def test_names_and_versions_are_read(path: str) -> None:
    found = requirements(path, MANIFESTS[path])
    assert found is not None
    assert {name: one.wanted for name, one in found.items()} == {"my-pkg": ">=1.2", "other": ""}


def test_go_modules_are_read() -> None:
    found = requirements("go.mod", "module a.b/c\nrequire (\n\tgithub.com/x/y v1.2.3\n)\n")
    assert found == {"github.com/x/y": Requirement("github.com/x/y", "v1.2.3")}


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"dependencies": 3}', "[" * 50_000])
def test_what_cannot_be_read_is_none(text: str) -> None:
    assert requirements("package.json", text) is None


@pytest.mark.parametrize("path", ["yarn.lock", "README.md", "pom.xml"])
def test_other_files_are_none(path: str) -> None:
    assert requirements(path, "x") is None
