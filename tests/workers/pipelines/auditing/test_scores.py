"""Static scores: the points of every reason, where they were found, and what does not count."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.reading import table
from tests.workers.pipelines.auditing.trees import audited, criterion, finding
from workers.domain.audit import Criterion, Score
from workers.domain.finding import Aspect, Severity, Source
from workers.pipelines.audit import scored
from workers.pipelines.auditing.code_score import code_score
from workers.pipelines.auditing.deployment_score import deployment_score
from workers.pipelines.auditing.documentation_score import documentation_score

APP = "def run(one):\n    return one\n"
BIG = finding(Severity.LOW, Aspect.QUALITY, by=Source("tool", "lizard", "complexity"))


@pytest.mark.parametrize(
    ("name", "files", "said", "points", "places"),
    [
        ("security", {}, (), 3.0, ()),
        ("security", {}, (finding(Severity.CRITICAL),), 1.5, ("app.py:2",)),
        ("security", {}, (finding(Severity.CRITICAL),) * 9, 0.0, ("app.py:2",)),
        ("faults", {}, (finding(Severity.HIGH, Aspect.QUALITY),), 1.0, ("app.py:2",)),
        ("faults", {"b.py": "x = 1\n" * 9_998}, (finding(Severity.HIGH, Aspect.QUALITY),), 1.9, ("app.py:2",)),
        ("faults", {}, (BIG,), 2.0, ()),
        ("functions", {}, (BIG,), 1.6, ("app.py:2",)),
        ("tests", {}, (), 0.0, ()),
        ("tests", {"tests/test_app.py": "assert 1\n"}, (), 2.0, ("tests/test_app.py",)),
        ("tests", {"b.py": "x = 1\n" * 6, "test_app.py": "assert 1\n"}, (), 0.5, ("test_app.py",)),
        ("files", {"b.py": "x = 1\n" * 598 + APP}, (), 1.0, ()),
        ("files", {"b.py": "x = 1\n" * 998}, (), 0.002, ("b.py",)),
    ],
)  # fmt: skip
def test_points_of_code(name, files, said, points, places) -> None:  # type: ignore[no-untyped-def]
    found = criterion(code_score(audited({"app.py": APP, **files}, *said)), name)
    assert found.points == pytest.approx(points, abs=1e-3)
    assert tuple(map(str, found.places)) == places


CI = "on: push\njobs:\n  test:\n    steps:\n      - run: pytest -q\n"
IMAGE = "FROM python:3.13 AS base\nFROM base\nUSER app\nHEALTHCHECK CMD true\n"


@pytest.mark.parametrize(
    ("name", "files", "points", "most", "places"),
    [
        ("CI", {}, 0, 15, ()),
        ("CI", {".gitlab-ci.yml": "a: b"}, 15, 15, (".gitlab-ci.yml",)),
        ("CI", {"docs/.gitlab-ci.yml": "a: b"}, 0, 15, ()),
        ("CI runs tests", {".github/workflows/ci.yml": CI}, 10, 10, (".github/workflows/ci.yml:5",)),
        ("CI runs tests", {".github/workflows/ci.yml": "run: lint"}, 0, 10, ()),
        ("a way to run it", {"Procfile": "web: run"}, 10, 10, ("Procfile",)),
        ("base images are named", {}, 0, 0, ()),
        ("base images are named", {"Dockerfile": IMAGE}, 5, 5, ()),
        ("base images are named", {"Dockerfile": "FROM python:latest\n"}, 0, 5, ("Dockerfile:1",)),
        ("base images are named", {"Dockerfile": "FROM python\n"}, 0, 5, ("Dockerfile:1",)),
        ("base images are named", {"Dockerfile": "FROM localhost:5000/python@sha256:ab\n"}, 5, 5, ()),
        ("not as root", {"Dockerfile": IMAGE}, 5, 5, ("Dockerfile:3",)),
        ("not as root", {"Dockerfile": "FROM a:1\nUSER root\n"}, 0, 5, ()),
        ("lockfiles", {}, 0, 0, ()),
        ("lockfiles", {"package.json": "{}", "package-lock.json": "{}"}, 15, 15, ("package-lock.json", "package.json")),
        ("lockfiles", {"package.json": "{}", "yarn.lock": "", "go.mod": ""}, 7.5, 15, ("go.mod",)),
        ("environment is shown", {}, 0, 0, ()),
        ("environment is shown", {"a.py": "import os\nos.environ['A']\n"}, 0, 10, ("a.py:2",)),
        ("environment is shown", {"a.js": "process.env.A", ".env.example": "A="}, 10, 10, (".env.example",)),
        ("no .env in git", {"deploy/.env": "A=1"}, 0, 5, ("deploy/.env",)),
        ("health checks", {"Dockerfile": IMAGE}, 15, 15, ("Dockerfile:4",)),
        ("health checks", {"Procfile": "", "a.py": "\nroute('/healthz')\n"}, 15, 15, ("a.py:2",)),
        ("health checks", {"Procfile": ""}, 0, 15, ()),
    ],
)  # fmt: skip
def test_points_of_deployment(name, files, points, most, places) -> None:  # type: ignore[no-untyped-def]
    found = criterion(deployment_score(audited({"app.py": APP, **files})), name)
    assert found.points == pytest.approx(points)
    assert found.most == most
    assert tuple(map(str, found.places)) == places


@pytest.mark.parametrize(
    ("path", "points", "security"), [("app.py", 0.0, 2.25), ("tests/test_app.py", 5.0, 3.0)]
)
def test_a_secret_costs_its_points_and_half_of_them_in_a_test(
    path: str, points: float, security: float
) -> None:
    leak = replace(finding(Severity.HIGH), rule="secrets/aws-key", path=path)
    tree = audited({"app.py": APP}, leak)
    found = criterion(deployment_score(tree), "no secrets in the code")
    assert (found.points, tuple(map(str, found.places))) == (points, (f"{path}:2",))
    assert criterion(code_score(tree), "security").points == security


README = "# Boxes\n\n## Installation\n\n```sh\nmake\n```\n"
TOLD = 'def run(one):\n    """Of one."""\n\n\ndef _own():\n    pass\n'


@pytest.mark.parametrize(
    ("name", "files", "points", "most", "places"),
    [
        ("README", {}, 0, 10, ()),
        ("README", {"docs/README.md": README}, 0, 10, ()),
        ("README", {"readme.rst": "Boxes"}, 10, 10, ("readme.rst",)),
        ("README says enough", {"README.md": README}, 0, 5, ("README.md",)),
        ("README says enough", {"README.md": README + "word " * 250}, 5, 5, ("README.md",)),
        ("README says how", {"README.md": README}, 5, 5, ("README.md:3",)),
        ("README says how", {"README.md": "# Boxes\n## Try it\n"}, 5, 5, ("README.md:2",)),
        ("README has examples", {"README.md": README}, 5, 5, ("README.md:5",)),
        ("README has examples", {"README.md": "Boxes."}, 0, 5, ("README.md",)),
        ("public symbols", {}, 0, 40, ("app.py:1",)),
        ("public symbols", {"told.py": TOLD}, 20, 40, ("app.py:1",)),
        ("public symbols", {"app.py": "x = 1\n"}, 0, 0, ()),
        ("public symbols", {"app.py": TOLD, "a.kt": "/** A */ class A(val a: Int) { override fun b() = 1 }"}, 40, 40, ()),
        ("public symbols", {"app.py": TOLD, "test_app.py": APP}, 40, 40, ()),
        ("guides", {"docs/a.md": ""}, 5, 15, ("docs/a.md",)),
        ("guides", {f"docs/{name}.md": "" for name in "abcd"}, 15, 15, tuple(f"docs/{name}.md" for name in "abcd")),
        ("LICENSE", {"LICENSE.txt": ""}, 10, 10, ("LICENSE.txt",)),
        ("LICENSE", {"a/b/LICENSE": ""}, 0, 10, ()),
        ("CHANGELOG", {"CHANGES.md": ""}, 5, 5, ("CHANGES.md",)),
        ("CONTRIBUTING", {".github/CONTRIBUTING.md": ""}, 5, 5, (".github/CONTRIBUTING.md",)),
    ],
)  # fmt: skip
def test_points_of_documentation(name, files, points, most, places) -> None:  # type: ignore[no-untyped-def]
    found = criterion(documentation_score(audited({"app.py": APP, **files})), name)
    assert found.points == pytest.approx(points)
    assert found.most == most
    assert tuple(map(str, found.places)) == places


def test_what_has_no_meaning_counts_for_nothing() -> None:
    scores = scored(audited({"notes.md": "Hello.\n"}))
    assert scores.code.value is None
    assert scores.deployment.value == 30.0, "15 of the 50 points that have a meaning"


def test_the_documents_name_every_reason_and_its_points() -> None:
    tree = {"app.py": "import os\nos.environ['A']\n" + APP, "Dockerfile": IMAGE, "go.mod": ""}
    scores = scored(audited(tree))
    told = [
        (score.name, one.name, f"{one.most:g}")
        for score in (scores.code, scores.deployment, scores.documentation)
        for one in score.criteria
    ]
    assert list(table("audit.md", "criteria")) == told


@given(st.lists(st.tuples(st.floats(-5, 50), st.floats(0, 20)), min_size=1, max_size=8))
def test_a_score_is_within_its_bounds_whatever_its_reasons_say(parts: list[tuple[float, float]]) -> None:
    value = Score("x", 100.0, tuple(Criterion("a", *one, "", "") for one in parts)).value
    assert value is None or 0.0 <= value <= 100.0
