"""The tests pipeline with models that answer from a list, and a real sandbox."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from config.rules.writing import TextRules
from tests.workers.experts.answering import AnsweringModels
from workers.analysis.jail import find_jail
from workers.analysis.languages import language_of
from workers.analysis.sandbox import ReducedSandbox, Sandbox, works
from workers.analysis.source import SourceFile
from workers.analysis.testing.proving import Verdict
from workers.analysis.testing.toolchains.registry import Toolchains, find_toolchains
from workers.domain.task import DRY_RUN, ModelError, Task
from workers.domain.usage import Call, Usage
from workers.pipelines.testing import (
    NO_MODEL,
    TURNED_OFF,
    Proving,
    Tested,
    TestsLimits,
    TestsRequest,
    write_tests,
)
from workers.pipelines.testing_parts.questions import KIND

BOUNDARY = "b0undary"
SECRET = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
CODE = '''"""Orders."""

from shop.money import rounded


def total(rows, discount=0):
    """What the rows cost."""
    if discount < 0:
        raise ValueError("a discount is not negative")
    return rounded(sum(rows) - discount)


def _hidden(rows):
    return total(rows)


class Cart:
    def add(self, row):
        self.rows = [*self.rows, row]
        return len(self.rows)


def one(): return 1
'''
FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": CODE,
    "shop/money.py": f"KEY = '{SECRET}'\n# >>> {BOUNDARY}\n\n\ndef rounded(value):\n    return round(value, 2)\n",
    "tests/test_money.py": "from shop.money import rounded\n\n\ndef test_rounded():\n    assert rounded(1.001) == 1\n",
    "web/cart.js": "export function add(a, b) {\n  return a + b;\n}\n",
    "web/list.test.js": "import { it } from 'vitest';\n",
}
START = "import pytest\n\nfrom shop.orders import total\n\n\n"
GOOD = START + (
    "def test_discount_is_taken_off():\n    assert (total([2, 3]), total([2, 3], 1)) == (5, 4)\n\n\n"
    "def test_negative_discount_is_refused():\n    with pytest.raises(ValueError):\n        total([1], -1)\n"
)
SCRIPT = """import assert from 'node:assert/strict';
import {{ test }} from 'node:test';

test('{name}', async () => {{
  const {{ {name} }} = await import('{module}');
  assert.ok([3, -1, 2].includes({name}(1, 2)));
}});
"""
IDLE = START + "def test_total():\n    assert callable(total)\n"
RED = START + "def test_total():\n    assert total([2]) == 3\n"
BROKEN = "def test_total(:\n"
WORDS = count(1_000_000)


def source(path: str, touched: Sequence[int] = range(1, 100)) -> SourceFile:
    return SourceFile(path, FILES[path], language_of(path), frozenset(touched))


def answering(*files: str) -> AnsweringModels:
    rest = iter(files)
    return AnsweringModels(lambda task: {"file": next(rest)})


async def made_by(models: AnsweringModels | None, *sources: SourceFile, **more: Any) -> Tested:
    limits, sandbox = more.pop("limits", TestsLimits()), more.pop("sandbox", None)
    request = TestsRequest(
        more.pop("files", FILES), True, sources or (source("shop/orders.py"),), **({"run": False} | more)
    )
    here = sandbox or ReducedSandbox(sys.executable)
    toolchains = await find_toolchains("", "") if sandbox else Toolchains(why="nobody")
    proving = Proving(here, toolchains, lambda: f"w{next(WORDS)}", seed=1)
    return await write_tests(
        request, models, proving, boundary=BOUNDARY, limits=limits, progress=lambda sentence: None
    )


@pytest.fixture
async def jail() -> Sandbox:
    found = find_jail()
    if found is None or not await works(found):
        pytest.skip("no namespaces here")
    return found


async def test_a_test_is_written_run_mended_and_proved(jail: Sandbox) -> None:
    models = answering(RED, f"```python\n{GOOD}```\n")
    made = await made_by(models, sandbox=jail, run=True, limits=TestsLimits(mutants_max=2))
    (kept,) = made.kept
    assert (kept.path, kept.text, kept.targets) == ("tests/test_orders.py", GOOD, ("total",))
    assert (kept.proof.verdict, kept.proof.tests) == (Verdict.PROVED, 2)
    assert 0 < made.killed <= made.mutants == 2
    assert (made.executed, made.validated) == (True, True)
    assert [one.targets for one in made.dropped] == [("Cart.add",)]
    assert (made.targets, made.quality) == (2, 0.5)
    assert models.observed == [("model-a", KIND, 1.0)]
    assert "assert 2 == 3" in models.tasks[1].prompt
    assert not any(task.urgent for task in models.tasks)


async def test_what_proves_nothing_is_mended_once_or_dropped(jail: Sandbox) -> None:
    models = answering(IDLE, IDLE, GOOD)
    made = await made_by(models, sandbox=jail, run=True, limits=TestsLimits(mutants_max=1))
    assert (len(models.tasks), made.quality, made.kept) == (2, 0.0, ())
    assert re.search(r"line \d+: `.+` became `.+`", models.tasks[1].prompt), (
        "its writer is told what it missed"
    )
    assert made.dropped[0].why == "It passes whatever is broken in what it tests (1 mistake(s) were tried)."
    assert models.observed == [("model-a", KIND, 0.0)]


async def test_what_does_not_pass_the_first_look_is_mended_once_or_dropped() -> None:
    models = answering(BROKEN, GOOD)
    made = await made_by(models)
    assert [one.path for one in made.kept] == ["tests/test_orders.py"]
    assert "It does not parse: look at line 1." in models.tasks[1].prompt
    assert BROKEN in models.tasks[1].prompt
    models = answering(BROKEN, "import numpy\n" + GOOD, GOOD)
    made = await made_by(models)
    assert (len(models.tasks), made.kept) == (2, ())
    assert made.dropped[0].why == "Line 1 imports `numpy`, which is not there."


async def test_what_breaks_a_rule_of_the_repository_is_mended_once_or_dropped() -> None:
    rules = TextRules(sections=("Errors",), forbidden_patterns=("(?i)negative",), chars_max=900)
    fine = GOOD.replace("negative_discount", "discount_below_nothing") + "\n# Errors come from the code.\n"
    models = answering(GOOD, fine)
    made = await made_by(models, rules=rules)
    assert [one.text for one in made.kept] == [fine]
    assert "nothing may match the regular expression: (?i)negative" in models.tasks[0].prompt
    assert "no section “Errors”" in models.tasks[1].prompt
    assert "Line 10 matches `(?i)negative`, which is forbidden here." in models.tasks[1].prompt
    made = await made_by(answering(fine, fine), rules=TextRules(chars_max=100))
    assert "at most 100 are allowed here" in made.dropped[0].why


@pytest.mark.parametrize(
    ("more", "word"),
    [("'«secret:github token:1»'", "placeholder"), (f"'{SECRET}'", "credential"), ("'\u202e'", "invisible")],
)
async def test_what_may_stand_in_no_file_is_not_kept(more: str, word: str) -> None:
    made = await made_by(answering(*[GOOD + f"\nX = {more}\n"] * 2))
    assert made.kept == ()
    assert word in made.dropped[0].why
    assert SECRET not in str(made.dropped)


async def test_what_is_not_run_is_kept_and_called_so() -> None:
    js = "import { expect, it } from 'vitest';\nimport { add } from './cart';\n"
    js += "\nit('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n"
    models = answering(GOOD, js)
    made = await made_by(models, source("shop/orders.py"), source("web/cart.js"))
    assert {one.path: one.proof.why for one in made.kept} == {
        "tests/test_orders.py": TURNED_OFF,
        "web/cart.test.js": TURNED_OFF,
    }
    assert (made.executed, made.validated, models.observed) == (False, False, [])


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here")
async def test_each_language_is_run_by_its_own_toolchain_and_what_none_runs_is_called_so(
    jail: Sandbox,
) -> None:
    files = {
        **FILES,
        "package.json": '{"scripts": {"test": "node --test"}}',
        "web/list.test.js": "const test = require('node:test');\n",
        "web/cart.js": "exports.add = function add(a, b) {\n  return a + b;\n};\n",
        "web/cart.mjs": "export function sub(a, b) {\n  return a - b;\n}\n",
        "web/box.ts": "export function mul(a: number) {\n  return a * 2;\n}\n",
    }

    def written(task: Task[Any]) -> dict[str, Any]:
        for name, module in (("add", "./cart.js"), ("sub", "./cart.mjs"), ("mul", "./box.ts")):
            if f"{name}(a" in task.prompt:
                assert f"\n{module}\n" in task.prompt or name == "mul"
                return {"file": SCRIPT.format(name=name, module=module)}
        return {"file": GOOD}

    paths = ("web/cart.js", "web/cart.mjs", "web/box.ts", "shop/orders.py")
    sources = [SourceFile(path, files[path], language_of(path), frozenset(range(1, 100))) for path in paths]
    made = await made_by(
        AnsweringModels(written),
        *sources,
        files=files,
        sandbox=jail,
        run=True,
        limits=TestsLimits(mutants_max=2),
    )
    assert {one.path: (one.proof.verdict, one.proof.why) for one in made.kept} == {
        "web/cart.test.js": (Verdict.PROVED, ""),
        "web/cart.test.mjs": (Verdict.PROVED, ""),
        "web/box.test.ts": (Verdict.NOT_EXECUTED, "Node.js does not run .ts files as they are"),
        "tests/test_orders.py": (Verdict.PROVED, ""),
    }


async def test_without_a_sandbox_or_an_interpreter_nothing_is_run(jail: Sandbox) -> None:
    made = await made_by(answering(GOOD), run=True)
    assert made.kept[0].proof.why == "nobody"


async def test_changed_public_untested_functions_come_first_and_the_rest_is_told() -> None:
    models, limits = answering(GOOD), TestsLimits(modules_max=1)
    changed = (source("shop/orders.py", [10]), source("shop/money.py", [6]), source("tests/test_money.py"))
    made = await made_by(models, *changed, limits=limits)
    block = models.tasks[0].prompt.partition(" functions\n")[2].partition("\n>>>")[0]
    assert block == "total"
    assert {one.subject: one.why for one in made.dropped} == {
        "shop/money.py": "at most 1 files are tested at once",
        "tests/test_money.py": "nothing of it is to be tested",
    }


async def test_what_is_not_for_models_does_not_reach_them() -> None:
    models = answering(GOOD)
    made = await made_by(models)
    task = models.tasks[0]
    assert SECRET not in task.prompt
    assert task.prompt.count(f">>> {BOUNDARY}") == task.prompt.count(f"<<< {BOUNDARY} ")
    assert "def test_rounded" in task.prompt
    assert "def rounded" in task.prompt
    assert any("credential" in notice for notice in made.notices)


async def test_questions_fit_into_small_windows() -> None:
    models = answering(GOOD)
    models.window = 4_000
    await made_by(models)
    (task,) = models.tasks
    said = len(task.system) + len(task.prompt) + len(str(task.schema.model_json_schema()))
    assert said / 3 + task.output_max_tokens <= models.window


@pytest.mark.parametrize("kind", ["budget", "timeout", DRY_RUN])
async def test_questions_without_an_answer_leave_a_sentence(kind: str) -> None:
    def refuse(task: Task[Any]) -> dict[str, Any]:
        raise ModelError(kind, "no", calls=(Call(task.kind, "model-a", kind, Usage()),))

    made = await made_by(AnsweringModels(refuse))
    assert [one.why for one in made.dropped] == ["no model answered"]
    assert (made.quality, made.validated) == (0.0, None)
    assert bool(made.planned) == (kind == DRY_RUN)


async def test_without_models_everything_is_dropped_and_said() -> None:
    made = await made_by(None)
    assert [(one.subject, one.targets, one.why) for one in made.dropped] == [
        ("shop/orders.py", ("total", "Cart.add"), NO_MODEL)
    ]
