"""What a written test may not be, told without running it."""

from __future__ import annotations

import pytest

from workers.analysis.languages import Language, language_of
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.testing.facts import Facts
from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.imports_known import Known
from workers.analysis.testing.jailed import facts_of
from workers.analysis.testing.names import FAMILIES
from workers.analysis.testing.objections import Expected, objections
from workers.analysis.testing.python_facts import facts as python_facts
from workers.analysis.testing.tree_facts import facts as tree_facts

FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": "import yaml\nfrom attrs import define\n\ndef total(rows): ...\n",
    "web/cart.ts": "import { z } from 'zod';\nimport x from '@scope/pkg/deep';\nexport function total() {}\n",
    "lib/cart.cjs": "exports.total = () => 0;\n",
    "src/main/java/a/Cart.java": "package a;\nclass Cart { int total() { return 1; } }\n",
    "src/Cart.kt": "package a\nfun total() = 1\n",
    "go.mod": "module example.org/shop\n",
    "cart.go": 'package cart\n\nimport "github.com/google/go-cmp/cmp"\n\nfunc Total() int { return 1 }\n',
}
PLACES = {
    Framework.PYTEST: "tests/test_orders.py",
    Framework.VITEST: "web/cart.test.ts",
    Framework.NODE_TEST: "lib/cart.test.cjs",
    Framework.JUNIT5: "src/test/java/a/CartTest.java",
    Framework.KOTLIN_TEST: "src/CartTest.kt",
    Framework.GO_TEST: "cart_test.go",
}
PY = "from shop.orders import total\n\n\n"
ONE = PY + "def test_a():\n    assert total([]) == 0\n"
TS = "import { expect, it } from 'vitest';\nimport { total } from './cart';\n"
CJS = "const { test } = require('node:test');\nconst { equal } = require('node:assert/strict');\n"
CJS += "const { total } = require('./cart.cjs');\n"
JAVA = "package a;\nimport org.junit.jupiter.api.Test;\nimport static org.junit.jupiter.api.Assertions.assertEquals;\n"
KOTLIN = "package a\nimport kotlin.test.Test\nimport kotlin.test.assertEquals\n"
GO = 'package cart\n\nimport (\n\t"testing"\n%s)\n\nfunc TestTotal(t *testing.T) {\n\t%s\n}\n'
GO_OK = 'if Total() != 1 {\n\t\tt.Errorf("got")\n\t}'


def said(framework: Framework, text: str) -> str:
    path = PLACES[framework]
    language = language_of(path)
    assert language is not None
    facts = python_facts(text) if language is Language.PYTHON else tree_facts(text, language)
    family = FAMILIES[language]
    target = "Total" if framework is Framework.GO_TEST else "total"
    expected = Expected(path, family, framework, (target,))
    return " ".join(objections(facts, expected, Known(FILES, family, framework)))


GOOD = [
    (Framework.PYTEST, ONE),
    (
        Framework.PYTEST,
        "import pytest, yaml, json\nimport attrs\n"
        + PY
        + "def test_a(tmp_path):\n    (tmp_path / 'x').touch()\n    with pytest.raises(ValueError):\n        total(1)\n",
    ),
    (
        Framework.PYTEST,
        "import shop.orders as it\n\nclass TestA:\n    async def test_a(self):\n        assert await it.total(2)\n",
    ),
    (
        Framework.PYTEST,
        "import unittest\n"
        + PY
        + "class A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(total([]), 0)\n",
    ),
    (Framework.VITEST, TS + "import { z } from 'zod';\nit('adds', () => { expect(total()).toBe(1); });\n"),
    (
        Framework.VITEST,
        TS
        + "import '@scope/pkg/other';\nit.each([1, 2])('adds %s', (n) => { expect(total(n)).toBe(n); });\n",
    ),
    (Framework.NODE_TEST, CJS + "test('adds', async () => { equal(total(), 0); });\n"),
    (
        Framework.NODE_TEST,
        CJS
        + "test('adds', async (t) => { const { total } = await import('./cart.cjs'); t.assert.ok(total); });\n",
    ),
    (
        Framework.JUNIT5,
        JAVA + "class CartTest {\n  @Test\n  void adds() { assertEquals(1, new Cart().total()); }\n}\n",
    ),
    (
        Framework.KOTLIN_TEST,
        KOTLIN + "class CartTest {\n    @Test\n    fun adds() { assertEquals(1, total()) }\n}\n",
    ),
    (Framework.GO_TEST, GO % ("", GO_OK)),
    (Framework.GO_TEST, GO % ('\t"github.com/google/go-cmp/cmp"\n\t"example.org/shop/x"\n', GO_OK)),
]

BAD = [
    (Framework.PYTEST, "from shop.orders import *\n" + ONE, "imports everything of `shop.orders`"),
    (Framework.PYTEST, "import os.path as p\n" + ONE + "    p.os.system('x')\n", "never starts programs"),
    (Framework.PYTEST, ONE + "    getattr(total, 'x')\n", "never looks at"),
    (Framework.VITEST, TS + "it('a', () => { expect(total()).toBe(process.env.A); });\n", "uses `process`"),
    (Framework.PYTEST, "def test_a(:\n", "does not parse: look at line 1"),
    (Framework.PYTEST, PY + "total([])\n", "holds no test that pytest would find"),
    (
        Framework.PYTEST,
        ONE + "\ndef test_b():\n    total([])\n    assert True\n",
        "assert nothing: `test_b` (line 7)",
    ),
    (Framework.PYTEST, "def test_a():\n    assert 1 + 1 == 2\n", "tests none of: `total`"),
    (Framework.PYTEST, "import numpy\n" + ONE, "Line 1 imports `numpy`, which is not there"),
    (Framework.PYTEST, "from shop.carts import a\n" + ONE, "imports `shop.carts`, which is not there"),
    (
        Framework.PYTEST,
        "from shop.orders import toal\n" + ONE,
        "imports `shop.orders.toal`, which is not there",
    ),
    (Framework.PYTEST, "from . import nothing\n" + ONE, "is not there"),
    (Framework.PYTEST, "import socket\n" + ONE, "never uses the network"),
    (Framework.PYTEST, "from urllib import request\n" + ONE, "never uses the network"),
    (
        Framework.PYTEST,
        "from time import sleep as s\n" + ONE + "    s(1)\n",
        "uses `time.sleep`: a test here never waits",
    ),
    (Framework.PYTEST, "import pytest\n" + PY + "@pytest.mark.skip\n" + ONE[len(PY) :], "never skips itself"),
    (Framework.PYTEST, ONE + "    import subprocess\n", "never starts programs"),
    (Framework.PYTEST, ONE + "    __import__('os').system('x')\n", "never looks at"),
    (Framework.PYTEST, "import os\n" + ONE + "    assert os.environ.get('HOME')\n", "uses `os.environ"),
    (Framework.PYTEST, "import inspect\n" + ONE, "source of what it tests"),
    (Framework.PYTEST, ONE + "    open('x', 'w')\n", "outside a temporary folder"),
    (
        Framework.PYTEST,
        "from pathlib import Path\n" + ONE + "    Path('x').write_text('a')\n",
        "outside a temporary",
    ),
    (Framework.VITEST, TS + "it('adds', () => { total(); });\n", "assert nothing: `adds`"),
    (
        Framework.VITEST,
        TS + "import x from 'lodash';\nit('a', () => { expect(total()).toBe(1); });\n",
        "`lodash`, which is not",
    ),
    (
        Framework.VITEST,
        TS + "import x from '../carts';\nit('a', () => { expect(total()).toBe(1); });\n",
        "`../carts`, which",
    ),
    (
        Framework.VITEST,
        TS + "import fs from 'fs';\nit.skip('a', () => { expect(total()).toBe(1); });\n",
        "never skips",
    ),
    (
        Framework.VITEST,
        TS + "it('a', () => { setTimeout(() => {}, 1); expect(total()).toBe(1); });\n",
        "never waits",
    ),
    (Framework.NODE_TEST, CJS + "test('adds', () => { total(); });\n", "assert nothing: `adds`"),
    *(
        (Framework.NODE_TEST, CJS + f"test('a', async () => {{ equal(total(), 0); {more}; }});\n", why)
        for more, why in (
            ("require('child_process').execSync('x')", "never starts programs"),
            ("(await import('node:net')).connect(1)", "never uses the network"),
            ("require('left-pad')", "imports `left-pad`, which is not there"),
            ("require('no' + 'de:fs')", "which is not there"),
        )
    ),
    (
        Framework.JUNIT5,
        JAVA + "class CartTest {\n  @Test\n  void adds() { new Cart().total(); }\n}\n",
        "assert nothing: `adds`",
    ),
    (
        Framework.JUNIT5,
        JAVA + "import java.net.URL;\nclass T { @Test void a() { assertEquals(1, total()); } }\n",
        "network",
    ),
    (
        Framework.JUNIT5,
        JAVA + "import org.mockito.Mockito;\nclass T { @Test void a() { assertEquals(1, total()); } }\n",
        "not there",
    ),
    (
        Framework.JUNIT5,
        JAVA + "class T { @Disabled @Test void a() { assertEquals(1, total()); } }\n",
        "skips",
    ),
    (
        Framework.KOTLIN_TEST,
        KOTLIN + "class T {\n    @Test\n    fun a() { Thread.sleep(1); assertEquals(1, total()) }\n}\n",
        "waits",
    ),
    (Framework.GO_TEST, GO % ("", "Total()"), "assert nothing: `TestTotal`"),
    (Framework.GO_TEST, GO % ('\t"net/http"\n', GO_OK), "never uses the network"),
    (Framework.GO_TEST, GO % ('\t"github.com/stretchr/testify/assert"\n', GO_OK), "which is not there"),
    (Framework.GO_TEST, GO % ("", "t.Skip()\n" + GO_OK), "never skips"),
]


@pytest.mark.parametrize(("framework", "text"), GOOD)
def test_a_sound_test_is_not_objected_to(framework: Framework, text: str) -> None:
    assert said(framework, text) == ""


@pytest.mark.parametrize(("framework", "text", "why"), BAD)
def test_an_unsound_test_is_told_why(framework: Framework, text: str, why: str) -> None:
    assert why in said(framework, text)


async def test_files_are_read_in_the_sandbox_and_of_what_can_not_be_read_there_are_no_facts(
    sandbox: Sandbox,
) -> None:
    limits = JailLimits(wall_s=20.0)
    facts = await facts_of(ONE, "python", sandbox, limits)
    assert facts is not None
    assert [case.name for case in facts.cases] == ["test_a"]
    assert await facts_of("def test_a(:\n", "python", sandbox, limits) == Facts(broken=1)
    assert await facts_of(ONE, "python", sandbox, JailLimits(wall_s=0.01)) is None
