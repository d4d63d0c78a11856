"""What a change leans on: manifests, lockfiles, imports and those who import it."""

from __future__ import annotations

import pytest

from tests.workers.experts.views import added, gone, replaced, unanalysed
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding, Severity
from workers.experts.dependency import DependencyExpert


def said(*files: ChangedFile, around: dict[str, str] | None = None) -> dict[str, Finding]:
    """The findings by rule."""
    return {one.rule: one for one in DependencyExpert().static(unanalysed(*files, around=around))}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("requests @ http://example.org/r.whl", "manifest/plain-http"),
        ("requests @ git+https://example.org/r.git@main", "manifest/moving-address"),
    ],
)
def test_dangerous_requirement_stands_at_its_line(line: str, rule: str) -> None:
    found = said(replaced("requirements.txt", "requests>=2.0\n", f"{line}\n"))
    assert list(found) == [rule]
    assert found[rule].line == 1


@pytest.mark.parametrize("line", ["requests>=2.1", f"requests @ git+https://e.org/r@{'a' * 40}"])
def test_sound_requirement_is_silent(line: str) -> None:
    assert said(replaced("requirements.txt", "requests>=2.0\n", f"{line}\n")) == {}


def test_noteworthy_changes_of_a_manifest_are_one_list() -> None:
    old, new = "a>=1\nb>=1\nc>=1.1\ngone>=1\n", "a>=2\nb\nc>=1.2\nnew>=3\n"
    (finding,) = said(replaced("requirements.txt", old, new)).values()
    assert (finding.rule, finding.severity, finding.line) == ("manifest/changes", Severity.LOW, None)
    assert finding.title == "Dependencies: 1 added, 1 removed, 3 moved, 1 without a version"
    assert finding.description == (
        "Without a version: `b`. Another major version: `a` >=1 → >=2. Added: `new` >=3. Removed: `gone` >=1. "
        "Moved: `b` >=1 → any, `c` >=1.1 → >=1.2."
    )


def test_manifest_that_is_new_as_a_whole_is_no_list() -> None:
    assert said(added("requirements.txt", "a>=1\nb>=2\n")) == {}


OLD, NEW = '{"dependencies": {"a": "^1.0.0"}}', '{"dependencies": {"a": "^1.2.0"}}'


def test_lockfile_left_behind_is_said() -> None:
    found = said(replaced("package.json", OLD, NEW), around={"package-lock.json": "{}"})
    assert "`package-lock.json`" in found["manifest/lockfile"].title


def test_lockfile_that_changed_by_itself_is_low() -> None:
    found = said(replaced("yarn.lock", "a@1\n", "a@2\n"), around={"package.json": OLD})
    assert found["manifest/lockfile-alone"].severity is Severity.LOW


def test_lockfile_that_names_a_new_host_is_medium() -> None:
    old, new = 'resolved "https://good.example/a-1"\n', 'resolved "https://evil.example/a-1"\n'
    found = said(replaced("yarn.lock", old, new), around={"package.json": OLD})
    assert found["manifest/lockfile-alone"].severity is Severity.MEDIUM
    assert "`evil.example`" in found["manifest/lockfile-alone"].description


def test_lockfile_beside_its_manifest_is_fine() -> None:
    assert said(replaced("package.json", OLD, NEW), replaced("yarn.lock", "a@1\n", "a@2\n")) == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"dependencies": 7}', "null", "[" * 10_000])
def test_broken_manifest_is_no_crash(text: str) -> None:
    assert said(replaced("package.json", "{}", text), added("pyproject.toml", text)) == {}


@pytest.mark.parametrize(
    ("path", "text", "around"),
    [
        ("app/a.py", "from app import b\n", {"app/__init__.py": "", "app/b.py": "from app.a import x\n"}),
        ("app/a.py", "from . import b\n", {"app/__init__.py": "", "app/b.py": "from .a import x\n"}),
        ("web/a.ts", 'import { b } from "./b";\n', {"web/b.ts": 'import { a } from "./a";\n'}),
    ],
)
def test_import_that_closes_a_circle_is_said(path: str, text: str, around: dict[str, str]) -> None:
    assert said(added(path, text), around=around)["imports/cycle"].line == 1


def test_import_inside_a_function_closes_no_circle() -> None:
    around = {"app/__init__.py": "", "app/b.py": "def f():\n    from app import a\n"}
    assert said(added("app/a.py", "from app import b\n"), around=around) == {}


AROUND = {
    "requirements.txt": "pyyaml>=6\nrequests>=2\n",
    "package.json": '{"dependencies": {"left-pad": "^1.0.0"}}',
    "own/thing.py": "",
}


@pytest.mark.parametrize(
    ("path", "text"), [("a.py", "import leftpad\n"), ("a.js", 'import x from "lodash";\n')]
)
def test_import_that_nothing_declares_is_said(path: str, text: str) -> None:
    assert list(said(added(path, text), around=AROUND)) == ["imports/undeclared"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "import os, yaml\nfrom own import thing\nimport requests.adapters\n"),
        ("a.py", "try:\n    import uvloop\nexcept ImportError:\n    pass\n"),
        (
            "a.ts",
            'import fs from "node:fs";\nimport p from "path";\nimport l from "left-pad/x";\nimport "./b";\n',
        ),
        ("a.ts", 'import type { X } from "lodash";\nimport y from "@/own";\n'),
    ],
)
def test_import_that_is_known_is_silent(path: str, text: str) -> None:
    assert said(added(path, text), around=AROUND) == {}


USERS = {f"app/u{number}.py": "from app.a import f\n" for number in range(3)}


def test_removed_name_that_others_import_is_high() -> None:
    found = said(replaced("app/a.py", "def f():\n    pass\n", "def g():\n    pass\n"), around=USERS)
    assert found["imports/broken"].severity is Severity.HIGH
    assert "`f` is gone, but is imported by `app/u0.py`, `app/u1.py`, `app/u2.py`" in (
        found["imports/broken"].description
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("const f = 1;\nexport { f, g };\n", "export { g };\n"),
        ("export const [f, g] = h;\n", "export const [g] = h;\n"),
        ("module.exports = {\n  f() {},\n  g,\n};\n", "module.exports = { g };\n"),
    ],
)
def test_removed_name_is_known_however_it_was_exported(old: str, new: str) -> None:
    around = {"web/u.ts": 'import { f } from "./a";\n'}
    assert "imports/broken" in said(replaced("web/a.ts", old, new), around=around)


@pytest.mark.parametrize("new", ["from app.b import f\n", "def f(a=1):\n    pass\n", "from app.b import *\n"])
def test_name_that_can_still_be_imported_is_silent(new: str) -> None:
    assert "imports/broken" not in said(replaced("app/a.py", "def f():\n    pass\n", new), around=USERS)


@pytest.mark.parametrize(
    ("path", "user", "text"),
    [
        ("app/a.py", "app/u.py", "from app import a\n"),
        ("web/a.ts", "web/u.ts", 'import { f } from "./a";\n'),
    ],
)
def test_removed_module_that_others_import_is_high(path: str, user: str, text: str) -> None:
    assert f"`{user}`" in said(gone(path), around={user: text})["imports/broken"].description


def test_module_that_became_a_package_is_not_gone() -> None:
    files = (gone("app/a.py"), added("app/a/__init__.py", "f = 1\n"))
    assert "imports/broken" not in said(*files, around=USERS)


@pytest.mark.parametrize(
    ("new", "told"), [("f(a, b)", True), ("f(a, b=1)", False), ("f(a, *, b: int)", True)]
)
def test_function_that_asks_for_more_is_told_of_when_many_use_it(new: str, told: bool) -> None:
    change = replaced("app/a.py", "def f(a):\n    pass\n", f"def {new}:\n    pass\n")
    assert ("imports/interface" in said(change, around=USERS)) is told
    assert said(change, around={"app/u.py": "from app.a import f\n"}) == {}
