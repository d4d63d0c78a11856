"""Written tests, run where they can do no harm."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from workers.analysis.jail import Jail
from workers.analysis.sandbox import ReducedSandbox
from workers.analysis.testing.arena import Arena, Ground, Ran, RunLimits, opened
from workers.analysis.testing.mutants import mutants
from workers.analysis.testing.proving import Proof, Trial, Verdict, prove
from workers.analysis.testing.toolchains.python import Interpreter, find_interpreter

CODE = "def total(rows):\n    return sum(rows) + 0 * len(rows)\n"
FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": CODE,
    "conftest.py": "import pytest\n\n@pytest.fixture\ndef rows():\n    return [1, 2]\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov=shop'\nrequired_plugins = ['pytest-cov']\n",
    "../outside.py": "",
    "a" * 300: "",
    "\udcff": "",
    "folder": "",
}
START = "from shop.orders import total\n\n\n"
GOOD = (
    START
    + "def test_total(rows, tmp_path):\n    (tmp_path / 'a').write_text('a')\n    assert total(rows) == 3\n"
)
WORDS = count(1_000_000)


@asynccontextmanager
async def arena_of(jail: Jail, wall_s: float = 30.0) -> AsyncIterator[Arena]:
    interpreter = await find_interpreter("")
    assert isinstance(interpreter, Interpreter)
    limits = RunLimits(replace(RunLimits().jail, wall_s=wall_s))
    async with opened(jail, [interpreter], FILES, limits, lambda: f"w{next(WORDS)}") as ground:
        assert isinstance(ground, Ground)
        arena = await ground.arena(interpreter)
        assert isinstance(arena, Arena)
        yield arena


async def tried(jail: Jail, text: str, wall_s: float = 30.0, changes: int = 2) -> Proof:
    chosen = mutants(CODE, [2], seed=1, mutants_max=changes)
    async with arena_of(jail, wall_s) as arena:
        proof = await prove(Trial("tests/test_it.py", text, "shop/orders.py", CODE, chosen), arena)
        assert (arena.root / "shop" / "orders.py").read_text() == CODE
        assert not (arena.root / "tests" / "test_it.py").exists()
        assert not (arena.root.parent / "outside.py").exists()
        return proof


async def test_a_test_that_is_green_and_notices_mistakes_is_proved(jail: Jail) -> None:
    proof = await tried(jail, GOOD)
    assert (proof.verdict, proof.tests, proof.mutants) == (Verdict.PROVED, 1, 2)
    assert proof.killed == 2 - len(proof.survived) > 0
    assert proof.seconds > 0


async def test_a_test_that_notices_nothing_is_told(jail: Jail) -> None:
    proof = await tried(jail, START + "def test_total():\n    assert total([]) in (0, 1, None)\n", changes=1)
    assert (proof.verdict, proof.killed) == (Verdict.IDLE, 0)
    assert "passes whatever is broken" in proof.why
    assert proof.survived
    nothing = await tried(jail, GOOD, changes=0)
    assert (nothing.verdict, nothing.survived) == (Verdict.IDLE, ())
    assert "nothing in what it tests could be broken" in nothing.why


HOSTILE = f"""
import os, socket, pytest, unittest, hypothesis, hypothesis.strategies

print("{{}}" * 100, flush=True)

class InClass(unittest.TestCase):
    def test_passes(self):
        assert set(os.environ) <= {{*"LANG PATH HOME PWD RAYON_NUM_THREADS LC_CTYPE".split(), *PYTEST}}

PYTEST = {{"PYTEST_VERSION", "PYTEST_CURRENT_TEST", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "HYPOTHESIS_STORAGE_DIRECTORY"}}

@hypothesis.given(hypothesis.strategies.booleans())
def test_searches(value): assert value in (True, False)

def test_connects(): socket.create_connection(("127.0.0.1", 80))
def test_forks(): os.fork()
def test_writes(): open("shop/orders.py", "w")
def test_reads(): open({str(Path.cwd() / "pyproject.toml")!r})
def test_hoards(): bytearray(8 << 30)
def test_skips(): pytest.skip()
"""


async def test_what_is_hostile_is_contained_and_told(jail: Jail) -> None:
    async with arena_of(jail) as arena:
        await arena.put("tests/test_it.py", HOSTILE)
        ran = await arena.run("tests/test_it.py")
    found = {name.rpartition("::")[2]: outcome for name, outcome in ran.outcomes.items()}
    failing = ("connects", "forks", "writes", "reads", "hoards")
    assert found == {
        "test_passes": "passed",
        "test_searches": "passed",
        "test_skips": "skipped",
        **{f"test_{name}": "failed" for name in failing},
    }
    assert ran.said.count("Operation not permitted") == 2
    assert "Read-only file system" in ran.said
    assert not ran.is_green


@pytest.mark.parametrize(
    ("text", "verdict", "word"),
    [
        ("def test_it(): assert 1 + 1 == 3", Verdict.RED, "assert (1 + 1) == 3"),
        ("import numpy_of_nowhere", Verdict.NOT_EXECUTED, "`numpy_of_nowhere` is not installed"),
        ("def test_it(): import os; os._exit(0)", Verdict.RED, "without a result"),
    ],
)
async def test_what_does_not_pass_is_told_why(jail: Jail, text: str, verdict: Verdict, word: str) -> None:
    proof = await tried(jail, f"{START}{text}\n")
    assert proof.verdict is verdict
    assert word in f"{proof.why}\n{proof.said}"


async def test_a_test_that_never_ends_is_ended(jail: Jail) -> None:
    proof = await tried(jail, START + "import time\n\ndef test_it():\n    time.sleep(600)\n", wall_s=1.0)
    assert (proof.verdict, proof.why) == (Verdict.RED, "it did not end in time")


class Unlucky(Arena):
    """After a run nothing is as it was."""

    async def run(self, test: str, paths: Sequence[str] = ("",), *, first_failure_only: bool = False) -> Ran:
        ran = await super().run(test, paths, first_failure_only=first_failure_only)
        (self.root / "luck").unlink(missing_ok=True)
        return ran


async def test_a_test_that_passes_by_luck_is_flaky(jail: Jail) -> None:
    text = START + "import pathlib\n\ndef test_it():\n    assert pathlib.Path('luck').exists()\n"
    async with arena_of(jail) as arena:
        await arena.put("luck", "")
        given = (arena.root, arena.jail, arena.toolchain, arena.options, arena.limits, arena.new_word)
        trial = Trial("tests/test_it.py", text, "shop/orders.py", CODE, ())
        assert (await prove(trial, Unlucky(*given))).verdict is Verdict.FLAKY


async def test_without_namespaces_nothing_is_run() -> None:
    interpreter = Interpreter("/usr/bin/python3", ())
    reduced = ReducedSandbox("/usr/bin/python3")
    async with opened(reduced, [interpreter], FILES, RunLimits(), lambda: "w") as ground:
        assert ground == "this machine has no sandbox in which foreign code may run"


async def test_a_repository_whose_configuration_needs_what_is_not_here_is_not_its_tests_fault(
    jail: Jail,
) -> None:
    async with arena_of(jail) as arena:
        await arena.put("conftest.py", "import numpy_of_nowhere\n")
        proof = await prove(Trial("tests/test_it.py", GOOD, "shop/orders.py", CODE, ()), arena)
    assert proof.verdict is Verdict.NOT_EXECUTED
    assert "`numpy_of_nowhere`, which the repository's pytest configuration needs" in proof.why


async def test_a_place_that_is_taken_is_told(jail: Jail) -> None:
    async with arena_of(jail) as arena:
        proof = await prove(Trial("folder/test_it.py", GOOD, "shop/orders.py", CODE, ()), arena)
    assert proof.verdict is Verdict.NOT_EXECUTED
    assert "no file can stand at `folder/test_it.py`" in proof.why


@pytest.mark.parametrize("python", ["/nowhere/python", os.devnull])
async def test_an_interpreter_that_is_none_is_told(python: str) -> None:
    assert await find_interpreter(python) == f"{python} is no Python that answers"
