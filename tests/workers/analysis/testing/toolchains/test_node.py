"""Tests written for `node:test`, really run, where they can do no harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from workers.analysis.jail import Jail
from workers.analysis.testing.arena import Arena, Ground, Ran, RunLimits, opened
from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.proving import Proof, Trial, Verdict, prove
from workers.analysis.testing.script_mutants import mutants
from workers.analysis.testing.toolchains.node import NONE_HERE, Node, find_node
from workers.analysis.testing.toolchains.registry import Toolchains

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here")

CODE = "export function total(rows) {\n  return rows.length > 1 ? rows[0] + rows[1] : 0;\n}\n"
FILES = {
    "package.json": '{"type": "module", "scripts": {"pretest": "touch /tmp/hooked"}, "imports": {"#x": "./x.js"}}',
    ".npmrc": "node-options=--import=./evil.js\n",
    "node.config.json": '{"nodeOptions": {"import": ["./evil.js"]}}',
    "evil.js": "globalThis.evil = true;\n",
    "src/total.js": CODE,
    "old/total.cjs": "exports.one = () => 1;\n",
}
START = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n"
START += "import { total } from './total.js';\n"
GOOD = START + "test('sums', () => { assert.equal(total([1, 2]), 3); assert.equal(total([5]), 0); });\n"
WORDS = count(1_000_000)


@asynccontextmanager
async def arena_of(jail: Jail, wall_s: float = 20.0) -> AsyncIterator[Arena]:
    node = await find_node("")
    assert isinstance(node, Node)
    usual = RunLimits()
    limits = replace(usual, jail=replace(usual.jail, wall_s=wall_s))
    async with opened(jail, [node], FILES, limits, lambda: f"w{next(WORDS)}") as ground:
        assert isinstance(ground, Ground)
        arena = await ground.arena(node)
        assert isinstance(arena, Arena)
        yield arena


async def tried(jail: Jail, text: str, changes: int = 2, wall_s: float = 20.0) -> Proof:
    chosen = mutants(CODE, [2], seed=1, mutants_max=changes)
    async with arena_of(jail, wall_s) as arena:
        return await prove(Trial("src/total.test.js", text, "src/total.js", CODE, chosen), arena)


async def ran(jail: Jail, text: str, name: str = "src/it.test.js", wall_s: float = 20.0) -> Ran:
    async with arena_of(jail, wall_s) as arena:
        await arena.put(name, text)
        return await arena.run(name)


async def test_a_test_that_is_green_and_notices_mistakes_is_proved(jail: Jail) -> None:
    proof = await tried(jail, GOOD, changes=4)
    assert (proof.verdict, proof.tests, proof.mutants, proof.said) == (Verdict.PROVED, 1, 4, "")
    assert proof.killed == 4


@pytest.mark.parametrize(
    ("text", "verdict", "word"),
    [
        (START + "test('idle', () => { assert.ok(total); });", Verdict.IDLE, "passes whatever is broken"),
        (START + "test('red', () => { assert.equal(total([1, 2]), 4); });", Verdict.RED, "3 !== 4"),
        (START + "import x from 'left-pad';", Verdict.NOT_EXECUTED, "`left-pad` is not installed"),
        (START + "test('x', () => { process.exit(0); });", Verdict.RED, "without a result"),
        (START + "test('x', { skip: true }, () => {});", Verdict.RED, "1 of 1 test(s) did not pass"),
        (START + "test('x', () => new Promise(() => {}));", Verdict.RED, "still pending"),
        (START + "(((", Verdict.RED, "SyntaxError"),
    ],
)
async def test_what_proves_nothing_is_told(jail: Jail, text: str, verdict: Verdict, word: str) -> None:
    proof = await tried(jail, text, changes=1)
    assert proof.verdict is verdict
    assert word in f"{proof.why}\n{proof.said}"


async def test_code_that_does_not_load_is_not_its_tests_fault(jail: Jail) -> None:
    box = "export const box = () => <b />;\n"
    text = "import { test } from 'node:test';\nimport { box } from './box.js';\ntest('box', () => box());\n"
    async with arena_of(jail) as arena:
        await arena.put("src/box.js", box)
        proof = await prove(Trial("src/box.test.js", text, "src/box.js", box, ()), arena)
    assert (proof.verdict, proof.why) == (
        Verdict.NOT_EXECUTED,
        "`src/box.js` itself does not load in Node.js",
    )


EVERY_SORT = """
const test = require('node:test'); const assert = require('node:assert');
const { one } = require('../old/total.cjs');
setInterval(() => {}, 1000);
console.log('w1000000{"outcomes": {"forged": "passed"}}');
test('one', () => assert.equal(one(), 1)); test('one', (t, done) => done());
test.describe('group', () => { test.it('inner', () => {}); test.it('bad', () => assert.ok(false)); });
test('later', { todo: true }, () => { throw new Error('x'); });
test('evil', () => assert.deepEqual([globalThis.evil, process.env.NODE_OPTIONS], [undefined, undefined]));
"""


async def test_each_sort_of_test_is_told_apart_though_a_timer_runs_on(jail: Jail) -> None:
    assert (await ran(jail, EVERY_SORT, "old/it.test.cjs")).outcomes == {
        "one": "passed",
        "one (2)": "passed",
        "group > inner": "passed",
        "group > bad": "failed",
        "later": "skipped",
        "evil": "passed",
    }


HOSTILE = f"""
import {{ test }} from 'node:test'; import fs from 'node:fs'; import net from 'node:net';
import {{ execFileSync }} from 'node:child_process'; import {{ once }} from 'node:events';
test('reads', () => fs.readFileSync('/etc/passwd'));
test('peeks', () => fs.readFileSync({str(Path.cwd() / "pyproject.toml")!r}));
test('writes', () => fs.writeFileSync('src/total.js', ''));
test('connects', () => once(net.connect(80, '127.0.0.1'), 'connect'));
test('forks', () => {{ execFileSync('/bin/true'); }});
test('hoards', () => Buffer.alloc(2 ** 32 - 1, 1));
"""


async def test_what_is_hostile_is_contained_and_told(jail: Jail) -> None:
    found = await ran(jail, HOSTILE)
    failing = ("reads", "peeks", "writes", "connects", "forks", "hoards")
    assert found.outcomes == dict.fromkeys(failing, "failed")
    assert "ENOENT" in found.said


@pytest.mark.parametrize(
    ("text", "wall_s", "why"),
    [
        ("for (;;) {}", 1.0, "it did not end in time"),
        (
            "import { writeSync } from 'node:fs'; for (;;) try { writeSync(1, 'x'.repeat(1e4)); } catch {}",
            20.0,
            "it wrote too much",
        ),
        ("const a = []; for (;;) a.push(new Array(1e5).fill(a.length));", 20.0, "without a result"),
    ],
)
async def test_what_takes_too_much_is_ended(jail: Jail, text: str, wall_s: float, why: str) -> None:
    assert why in (await ran(jail, text, wall_s=wall_s)).why


async def test_a_node_that_is_none_or_does_not_start_is_told(jail: Jail) -> None:
    assert await find_node(os.devnull) == "/dev/null is no Node.js that answers"
    node = await find_node("")
    assert isinstance(node, Node)
    cramped = RunLimits(jail=replace(RunLimits().jail, memory_max_bytes=300 << 20))
    async with opened(jail, [node], FILES, cramped, lambda: "w") as ground:
        assert isinstance(ground, Ground)
        assert await ground.arena(node) == "Node.js does not run in the sandbox"


@pytest.mark.parametrize(
    ("framework", "path", "why"),
    [
        (Framework.NODE_TEST, "a.ts", "Node.js does not run .ts files as they are"),
        (Framework.NODE_TEST, "a.jsx", "Node.js does not run .jsx files as they are"),
        (Framework.VITEST, "a.js", "vitest would have to be installed, and nothing is installed here"),
        (Framework.JEST, "a.js", "jest would have to be installed, and nothing is installed here"),
        (Framework.GO_TEST, "a.go", "nothing here runs go test"),
        (Framework.PYTEST, "a.py", NONE_HERE),
    ],
)
def test_why_a_test_is_not_run_is_told(framework: Framework, path: str, why: str) -> None:
    toolchains = Toolchains(
        {Framework.NODE_TEST: Node("/usr/bin/node", "20.1.0"), Framework.PYTEST: NONE_HERE}
    )
    assert toolchains.of(framework, path) == why
