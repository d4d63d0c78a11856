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


POM = """
<project><artifactId>own</artifactId><version>1</version>
<dependencies>
  <dependency><groupId>a.b</groupId><artifactId>c</artifactId><version>1.2</version>
    <exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions></dependency>
  <dependency><groupId>a.b</groupId><artifactId>d</artifactId></dependency>
  <!-- <dependency><groupId>a.b</groupId><artifactId>off</artifactId></dependency> -->
</dependencies></project>
"""
GRADLE = """
dependencies {
    implementation 'a.b:c:1.2'
    testImplementation("a.b:d")
    implementation(platform("a.b:bom:3.0"))
    implementation(project(":own"))
    // implementation 'a.b:off:1'
}
"""
GEMFILE = """
source "https://rubygems.org"
gem "rails", "~> 7.1", ">= 7.1.2"
gem 'puma'
  gem "own", path: "../own"
gem "dev", github: "a/dev"
# gem "off"
"""
COMPOSER = '{"require": {"php": ">=8.1", "a/b": "^1.2"}, "require-dev": {"c/d": "*"}}'


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("pom.xml", POM, {"a.b:c": "1.2", "a.b:d": "managed"}),
        ("build.gradle", GRADLE, {"a.b:c": "1.2", "a.b:d": "managed", "a.b:bom": "3.0"}),
        ("app/build.gradle.kts", GRADLE, {"a.b:c": "1.2", "a.b:d": "managed", "a.b:bom": "3.0"}),
        ("Gemfile", GEMFILE, {"rails": "~> 7.1, >= 7.1.2", "puma": "", "own": "path", "dev": "git+a/dev"}),
        ("composer.json", COMPOSER, {"a/b": "^1.2", "c/d": "*"}),
    ],
)
def test_lines_of_the_usual_form_are_read(path: str, text: str, wanted: dict[str, str]) -> None:
    found = requirements(path, text)
    assert found is not None
    assert {name: one.wanted for name, one in found.items()} == wanted


@pytest.mark.parametrize("path", ["pom.xml", "build.gradle", "Gemfile"])
@pytest.mark.parametrize("piece", ["<dependency>", "<!--", "gem 'a', ", "api 'a:b", "<dependency><groupId>"])
def test_hostile_manifest_takes_little_time(path: str, piece: str) -> None:
    assert requirements(path, piece * (200_000 // len(piece))) is not None


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"dependencies": 3}', "[" * 50_000])
def test_what_cannot_be_read_is_none(text: str) -> None:
    assert requirements("package.json", text) is None


@pytest.mark.parametrize("path", ["yarn.lock", "README.md", "mix.exs"])
def test_other_files_are_none(path: str) -> None:
    assert requirements(path, "x") is None
