"""What the experts say without a model: enough, once, and with evidence."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.workers.experts.views import added, unanalysed, view
from workers.analysis.sandbox import probe
from workers.domain.finding import Aspect, Finding, Severity, State
from workers.experts.base import View
from workers.experts.consensus import merged
from workers.experts.documentation import DocumentationExpert
from workers.experts.performance import PerformanceExpert
from workers.experts.quality import QualityExpert
from workers.experts.registry import EXPERTS
from workers.experts.security import SecurityExpert
from workers.experts.similarity import Nearness
from workers.experts.testing import TestingExpert

KEY = "AKIA" + "Z7Q4M2XWV5PLKJ3T"
BRANCHES = "".join(f"    if a == {number}:\n        return {number}\n" for number in range(60))
PAIRS = "".join(f"    if a and b or c and d or e > {number}:\n        a = {number}\n" for number in range(3))
SAMPLE = {
    "evaluated.py": "def f(x):\n    return eval(x)\n",
    "config.py": f'AWS_ACCESS_KEY = "{KEY}"\n',
    "tests/test_a.py": 'def test_a():\n    password = "hunter2x"\n    assert password\n',
    "silenced.py": "import os\nos.system(input())  # noqa: S605\n",
    "hushed.py": "import os\nos.system(input())  # noqa\n",
    "undefined.py": "def f():\n    return nothing\n",
    "unused.py": "import os\nimport re\nimport sys\n",
    "big.py": f"def f(a, b, c, d, e, g, h, i):\n{BRANCHES}",
    "dense.py": f"def f(a, b, c, d, e):\n{PAIRS}    return a\n",
    "keyword.py": "def f(*, a, b, c, d, e, g, h, i, j):\n    return a\n",
    "tests/builders.py": "def f(a, b, c, d, e, g, h, i, j):\n    return a\n",
    "taste.py": "def f(a, b):\n    if a:\n        if b:\n            return 1\n    return not a == b\n",
    "always.py": 'def f(a):\n    if a == "x" or "y":\n        print(a)\n',
    "blocking.py": "import time\nasync def f():\n    time.sleep(1)\n",
    "constants.py": 'OPEN = "a > 0"\nQUERY = f"SELECT a FROM b WHERE {OPEN}"\n',
    "injected.py": 'def f(a):\n    return f"SELECT a FROM b WHERE {a}"\n',
    "named.py": 'TOKEN_PREFIX = "prefix of it"\nsecret_type = "Some API Key"\n',
    "marker.py": 'MARK = "-----BEGIN PRIVATE KEY-----"\n',
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sample() -> View:
    """All of SAMPLE, analysed once: starting the tools takes longer than reading it."""
    return await view(await probe(), *(added(path, text) for path, text in SAMPLE.items()))


def security(sample: View, path: str) -> list[Finding]:
    return [one for one in SecurityExpert().static(sample) if one.path == path]


def quality(sample: View, path: str) -> list[Finding]:
    return [one for one in QualityExpert().static(sample) if one.path == path]


def test_each_aspect_has_one_expert() -> None:
    assert sorted(expert.aspect for expert in EXPERTS) == sorted(Aspect)


def test_two_tools_on_one_weakness_are_one_confirmed_finding(sample: View) -> None:
    (finding,) = security(sample, "evaluated.py")
    assert {source.name for source in finding.sources} == {"ruff", "ast-grep"}
    assert (finding.state, finding.line, finding.severity) == (State.CONFIRMED, 2, Severity.HIGH)
    assert finding.evidence == "    return eval(x)"
    assert "CWE-95" in finding.description


def test_secret_is_reported_without_its_value(sample: View) -> None:
    (finding,) = security(sample, "config.py")
    assert finding.severity is Severity.HIGH
    assert finding.evidence == "AWS_ACCESS_KEY = [redacted]"
    assert KEY not in repr(finding)


@pytest.mark.parametrize("path", ["tests/test_a.py", "constants.py", "named.py", "marker.py"])
def test_what_only_looks_dangerous_is_no_finding(sample: View, path: str) -> None:
    assert security(sample, path) == []


def test_value_inside_a_statement_is_a_finding(sample: View) -> None:
    assert [one.rule for one in security(sample, "injected.py")] == ["ruff/S608"]


@pytest.mark.parametrize("path", ["silenced.py", "hushed.py"])
def test_noqa_on_a_security_rule_is_said_and_silences_nothing(sample: View, path: str) -> None:
    (finding,) = security(sample, path)
    assert "`noqa`" in finding.description
    assert finding.severity is Severity.HIGH


def test_undefined_name_is_high(sample: View) -> None:
    (finding,) = quality(sample, "undefined.py")
    assert (finding.rule, finding.severity) == ("ruff/F821", Severity.HIGH)


def test_low_findings_of_one_rule_are_gathered(sample: View) -> None:
    (finding,) = merged(quality(sample, "unused.py"), Nearness())
    assert finding.title == "Import is not used (3 times)"
    assert "lines 1, 2, 3" in finding.description


def test_function_that_is_too_big_is_one_finding_of_all_tools(sample: View) -> None:
    (finding,) = quality(sample, "big.py")
    assert finding.description.startswith(
        "`f` has 61 branches (limit 15), 121 lines (limit 100), 60 returns (limit 10), 8 parameters (limit 7)."
    )
    assert {source.rule for source in finding.sources} >= {
        "complexity",
        "C901",
        "PLR0912",
        "length",
        "PLR0911",
    }
    assert (finding.rule, finding.severity, finding.state) == (
        "function/size",
        Severity.MEDIUM,
        State.CONFIRMED,
    )


@pytest.mark.parametrize("path", ["dense.py", "keyword.py", "tests/builders.py"])
def test_measure_that_one_tool_sees_or_callers_don_t_feel_is_silent(sample: View, path: str) -> None:
    assert any(one.path == path and one.tool == "lizard" for one in sample.analysis.observations)
    assert quality(sample, path) == []


def test_simpler_forms_are_one_low_finding_a_file(sample: View) -> None:
    (finding,) = quality(sample, "taste.py")
    assert (finding.rule, finding.severity) == ("style/simpler", Severity.LOW)
    assert (
        finding.description
        == "They are line 2 (nested ifs are one condition), line 5 (not a == b is a != b)."
    )


def test_condition_that_is_always_true_is_no_matter_of_style(sample: View) -> None:
    (finding,) = quality(sample, "always.py")
    assert (finding.rule, finding.severity) == ("ruff/SIM222", Severity.MEDIUM)


def test_blocking_call_in_async_function_is_said_once(sample: View) -> None:
    (finding,) = PerformanceExpert().static(sample)
    assert (finding.path, finding.line, finding.severity) == ("blocking.py", 3, Severity.HIGH)
    assert len(finding.sources) == 2


DESCRIBED = 'def old():\n    """Old."""\n    a = 1\n    return a\n'
BARE = "def add_up():\n    a = 1\n    b = 2\n    return a + b\n"


def test_new_public_function_without_description_is_low() -> None:
    seen = unanalysed(added("a.py", f"{DESCRIBED}\n\n{BARE}"))
    (finding,) = DocumentationExpert().static(seen)
    assert "`add_up` (line 7)" in finding.description
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize("path", ["tests/test_a.py", "db/migrations/0001.py"])
def test_tests_and_migrations_need_no_description(path: str) -> None:
    assert DocumentationExpert().static(unanalysed(added(path, BARE))) == ()


def untested(around: dict[str, str], *, complete: bool = True) -> list[str]:
    seen: View = unanalysed(added("a.py", BARE), around=around, complete=complete)
    return [finding.rule for finding in TestingExpert().static(seen)]


def test_function_that_no_test_names_is_said() -> None:
    assert untested({"tests/test_b.py": "readd_up()\nadd_upper()\n"}) == ["symbols/untested"]


@pytest.mark.parametrize("test", ["from a import add_up\n", "def test_add_up(): ...\n"])
def test_function_that_a_test_names_is_fine(test: str) -> None:
    assert untested({"tests/test_a.py": test}) == []


def test_absence_is_not_claimed_of_what_was_not_read() -> None:
    assert untested({"tests/test_b.py": "x"}, complete=False) == []


def test_repository_without_tests_is_told_once() -> None:
    assert untested({"b.py": "x = 1\n"}) == ["symbols/no-tests"]


def test_function_that_tested_code_uses_is_fine() -> None:
    around = {"tests/test_b.py": "import b\n", "b.py": "from a import add_up\nx = add_up()\n"}
    assert untested(around) == []


def test_function_that_nothing_near_the_tests_uses_is_said() -> None:
    around = {"tests/test_b.py": "import b\n", "b.py": "import a\n"}
    assert untested(around) == ["symbols/untested"]


def test_what_is_agreed_elsewhere_needs_neither_description_nor_test_by_its_name() -> None:
    method = "    def {}(self, a):\n        b = 1\n        c = 2\n        return a + b + c\n"
    text = f'class A:\n    """A."""\n\n{method.format("__add__")}\n    @override\n{method.format("run")}'
    seen = unanalysed(added("a.py", text), around={"tests/test_b.py": "x = 1\n"})
    assert (*DocumentationExpert().static(seen), *TestingExpert().static(seen)) == ()
