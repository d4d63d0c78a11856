"""What the experts say without a model: enough, once, and with evidence."""

from __future__ import annotations

import pytest

from tests.workers.experts.views import added, replaced, view
from workers.analysis.sandbox import Sandbox, probe
from workers.domain.finding import Aspect, Finding, Severity, State
from workers.experts.base import View
from workers.experts.dependency import DependencyExpert
from workers.experts.documentation import DocumentationExpert
from workers.experts.performance import PerformanceExpert
from workers.experts.quality import QualityExpert
from workers.experts.registry import EXPERTS
from workers.experts.security import SecurityExpert
from workers.experts.testing import TestingExpert


@pytest.fixture
async def sandbox() -> Sandbox:
    return await probe()


def by_rule(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.rule: finding for finding in findings}


def test_each_aspect_has_one_expert() -> None:
    assert sorted(expert.aspect for expert in EXPERTS) == sorted(Aspect)


async def test_two_tools_on_one_weakness_are_one_confirmed_finding(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", "def f(x):\n    return eval(x)\n"))
    (finding,) = SecurityExpert().static(seen)
    assert {source.name for source in finding.sources} == {"ruff", "ast-grep"}
    assert (finding.state, finding.line, finding.severity) == (State.CONFIRMED, 2, Severity.HIGH)
    assert finding.evidence == "    return eval(x)"
    assert "CWE-95" in finding.description


async def test_secret_is_reported_without_its_value(sandbox: Sandbox) -> None:
    key = "AKIA" + "Z7Q4M2XWV5PLKJ3T"
    seen = await view(sandbox, added("config.py", f'AWS_ACCESS_KEY = "{key}"\n'))
    (finding,) = SecurityExpert().static(seen)
    assert finding.severity is Severity.HIGH
    assert finding.evidence == "AWS_ACCESS_KEY = [redacted]"
    assert key not in repr(finding)


async def test_asserts_and_passwords_in_tests_are_no_findings(sandbox: Sandbox) -> None:
    seen = await view(
        sandbox, added("tests/test_a.py", 'def test_a():\n    password = "hunter2x"\n    assert password\n')
    )
    assert SecurityExpert().static(seen) == ()


async def test_noqa_on_a_security_rule_is_said(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", "import os\nos.system(input())  # noqa: S605\n"))
    (finding,) = SecurityExpert().static(seen)
    assert "`noqa`" in finding.description


async def test_undefined_name_is_high(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", "def f():\n    return nothing\n"))
    (finding,) = QualityExpert().static(seen)
    assert (finding.rule, finding.severity) == ("ruff/F821", Severity.HIGH)


async def test_low_findings_of_one_rule_are_gathered(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", "import os\nimport re\nimport sys\n"))
    (finding,) = QualityExpert().static(seen)
    assert finding.title == "Import is not used (3 times)"
    assert "lines 1, 2, 3" in finding.description


BRANCHES = "".join(f"    if a == {number}:\n        return {number}\n" for number in range(60))


async def test_function_that_is_too_big_is_one_finding(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", f"def f(a, b, c, d, e, g, h, i):\n{BRANCHES}"))
    (finding,) = QualityExpert().static(seen)
    assert finding.description.startswith(
        "`f` has 61 branches (limit 15), 121 lines (limit 100), 60 returns (limit 10), 8 parameters (limit 7)."
    )
    assert {source.name for source in finding.sources} == {"lizard", "ruff"}
    assert finding.state is State.CONFIRMED
    assert (finding.rule, finding.severity) == ("function/size", Severity.MEDIUM)


async def test_blocking_call_in_async_function_is_said_once(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", "import time\nasync def f():\n    time.sleep(1)\n"))
    (finding,) = PerformanceExpert().static(seen)
    assert (finding.line, finding.severity) == (3, Severity.HIGH)
    assert len(finding.sources) == 2


DESCRIBED = 'def old():\n    """Old."""\n    a = 1\n    return a\n'
BARE = "def add_up():\n    a = 1\n    b = 2\n    return a + b\n"


async def test_new_public_function_without_description_is_low(sandbox: Sandbox) -> None:
    seen = await view(sandbox, added("a.py", f"{DESCRIBED}\n\n{BARE}"))
    (finding,) = DocumentationExpert().static(seen)
    assert "`add_up` (line 7)" in finding.description
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize("path", ["tests/test_a.py", "db/migrations/0001.py"])
async def test_tests_and_migrations_need_no_description(sandbox: Sandbox, path: str) -> None:
    assert DocumentationExpert().static(await view(sandbox, added(path, BARE))) == ()


async def untested(sandbox: Sandbox, around: dict[str, str], *, complete: bool = True) -> list[str]:
    seen: View = await view(sandbox, added("a.py", BARE), around=around, complete=complete)
    return [finding.rule for finding in TestingExpert().static(seen)]


async def test_function_that_no_test_names_is_said(sandbox: Sandbox) -> None:
    assert await untested(sandbox, {"tests/test_b.py": "readd_up()\nadd_upper()\n"}) == ["symbols/untested"]


@pytest.mark.parametrize("test", ["from a import add_up\n", "def test_add_up(): ...\n"])
async def test_function_that_a_test_names_is_fine(sandbox: Sandbox, test: str) -> None:
    assert await untested(sandbox, {"tests/test_a.py": test}) == []


async def test_absence_is_not_claimed_of_what_was_not_read(sandbox: Sandbox) -> None:
    assert await untested(sandbox, {"tests/test_b.py": "x"}, complete=False) == []


async def test_repository_without_tests_is_told_once(sandbox: Sandbox) -> None:
    assert await untested(sandbox, {"b.py": "x = 1\n"}) == ["symbols/no-tests"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("requests", "manifest/unbounded"),
        ("requests @ http://example.org/r.whl", "manifest/plain-http"),
        ("requests @ git+https://example.org/r.git@main", "manifest/moving-address"),
        ("requests>=3", "manifest/major-version"),
    ],
)
async def test_new_requirement_is_judged(sandbox: Sandbox, line: str, rule: str) -> None:
    seen = await view(sandbox, replaced("requirements.txt", "requests>=2.0\n", f"{line}\n"))
    found = by_rule(DependencyExpert().static(seen))
    assert list(found) == [rule]
    assert found[rule].line == 1


@pytest.mark.parametrize("line", ["requests>=2.1", f"requests @ git+https://e.org/r@{'a' * 40}"])
async def test_sound_requirement_is_silent(sandbox: Sandbox, line: str) -> None:
    seen = await view(sandbox, replaced("requirements.txt", "requests>=2.0\n", f"{line}\n"))
    assert DependencyExpert().static(seen) == ()


async def test_lockfile_left_behind_is_said(sandbox: Sandbox) -> None:
    old, new = '{"dependencies": {"a": "^1.0.0"}}', '{"dependencies": {"a": "^1.0.0", "b": "^1.2.0"}}'
    seen = await view(sandbox, replaced("package.json", old, new), around={"package-lock.json": "{}"})
    (finding,) = DependencyExpert().static(seen)
    assert finding.rule == "manifest/lockfile"
    assert "`package-lock.json`" in finding.title


@pytest.mark.parametrize("text", ["{", "[]", '{"dependencies": 7}', "null", "[" * 10_000])
async def test_broken_manifest_is_no_crash(sandbox: Sandbox, text: str) -> None:
    seen = await view(sandbox, replaced("package.json", "{}", text), added("pyproject.toml", text))
    assert DependencyExpert().static(seen) == ()


@pytest.mark.parametrize(
    ("path", "text", "around"),
    [
        ("app/a.py", "from app import b\n", {"app/__init__.py": "", "app/b.py": "from app.a import x\n"}),
        ("app/a.py", "from . import b\n", {"app/__init__.py": "", "app/b.py": "from .a import x\n"}),
        ("web/a.ts", 'import { b } from "./b";\n', {"web/b.ts": 'import { a } from "./a";\n'}),
    ],
)
async def test_import_that_closes_a_circle_is_said(
    sandbox: Sandbox, path: str, text: str, around: dict[str, str]
) -> None:
    found = by_rule(DependencyExpert().static(await view(sandbox, added(path, text), around=around)))
    assert found["imports/cycle"].line == 1


async def test_import_inside_a_function_closes_no_circle(sandbox: Sandbox) -> None:
    around = {"app/__init__.py": "", "app/b.py": "def f():\n    from app import a\n"}
    assert (
        DependencyExpert().static(
            await view(sandbox, added("app/a.py", "from app import b\n"), around=around)
        )
        == ()
    )


async def imported(sandbox: Sandbox, path: str, text: str) -> list[str]:
    around = {
        "requirements.txt": "pyyaml>=6\nrequests>=2\n",
        "package.json": '{"dependencies": {"left-pad": "^1.0.0"}}',
        "own/thing.py": "",
    }
    seen = await view(sandbox, added(path, text), around=around)
    return [finding.rule for finding in DependencyExpert().static(seen)]


@pytest.mark.parametrize(
    ("path", "text"), [("a.py", "import leftpad\n"), ("a.js", 'import x from "lodash";\n')]
)
async def test_import_that_nothing_declares_is_said(sandbox: Sandbox, path: str, text: str) -> None:
    assert await imported(sandbox, path, text) == ["imports/undeclared"]


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
async def test_import_that_is_known_is_silent(sandbox: Sandbox, path: str, text: str) -> None:
    assert await imported(sandbox, path, text) == []
