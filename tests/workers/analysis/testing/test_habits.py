"""How repositories test, told from their files."""

from __future__ import annotations

import pytest

from workers.analysis.languages import Language, language_of
from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.habits import habits
from workers.analysis.testing.names import FAMILIES
from workers.analysis.testing.places import imported, place

CASE = "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): ...\n"
PLAIN = "from shop.orders import total\ndef test_a(): ...\n"
JUPITER = "import org.junit.jupiter.api.Test;\n"
VITEST = '{"devDependencies": {"vitest": "^3"}}'

NODE = "const test = require('node:test')\n"
LAYOUTS = [
    (
        "src/orders.js",
        {"test/cart.test.js": NODE, "src/cart.js": "", "package.json": VITEST},
        Framework.NODE_TEST,
        "test/orders.test.js",
        "../src/orders.js",
    ),
    (
        "orders.mjs",
        {"package.json": '{"scripts": {"test": "node --test"}}'},
        Framework.NODE_TEST,
        "orders.test.mjs",
        "./orders.mjs",
    ),
    # what is tested, beside what, with what, where the new test stands, how it imports
    (
        "shop/orders.py",
        {"tests/test_cart.py": PLAIN, "shop/cart.py": ""},
        Framework.PYTEST,
        "tests/test_orders.py",
        "shop.orders",
    ),
    (
        "src/shop/a/orders.py",
        {"tests/a/test_cart.py": PLAIN, "src/shop/a/cart.py": "import shop.b"},
        Framework.PYTEST,
        "tests/a/test_orders.py",
        "shop.a.orders",
    ),
    (
        "shop/orders.py",
        {"shop/cart.py": "", "shop/cart_test.py": PLAIN},
        Framework.PYTEST,
        "shop/orders_test.py",
        "shop.orders",
    ),
    (
        "shop/orders.py",
        {"tests/test_orders.py": PLAIN},
        Framework.PYTEST,
        "tests/test_orders_more.py",
        "shop.orders",
    ),
    (
        "orders.py",
        {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-q"\n'},
        Framework.PYTEST,
        "tests/test_orders.py",
        "orders",
    ),
    (
        "lib/orders.py",
        {"lib/tests/test_cart.py": CASE, "lib/cart.py": ""},
        Framework.UNITTEST,
        "lib/tests/test_orders.py",
        "orders",
    ),
    ("shop/orders.py", {"test/test_all.py": CASE}, Framework.UNITTEST, "test/test_orders.py", "orders"),
    (
        "shop/orders.py",
        {"shop/__init__.py": "", "README.md": "pytest"},
        Framework.UNITTEST,
        "tests/shop/test_orders.py",
        "shop.orders",
    ),
    (
        "src/cart.ts",
        {"package.json": VITEST, "src/list.ts": "", "src/list.spec.ts": "import { a } from './list'"},
        Framework.VITEST,
        "src/cart.spec.ts",
        "./cart",
    ),
    (
        "src/cart.ts",
        {
            "vitest.config.ts": "",
            "test/list.test.ts": "import { a } from '../src/list.js'",
            "src/list.ts": "",
        },
        Framework.VITEST,
        "test/cart.test.ts",
        "../src/cart.js",
    ),
    ("src/Cart.tsx", {"package.json": VITEST}, Framework.VITEST, "src/Cart.test.tsx", "./Cart"),
    (
        "src/cart.js",
        {"package.json": '{"jest": {}}', "src/list.js": "", "src/__tests__/list.test.js": ""},
        Framework.JEST,
        "src/__tests__/cart.test.js",
        "../cart",
    ),
    (
        "src/ui/cart.js",
        {"jest.config.js": "", "tests/ui/list.test.js": "", "src/ui/list.js": ""},
        Framework.JEST,
        "tests/ui/cart.test.js",
        "../../src/ui/cart",
    ),
    ("web/cart.js", {"web/list.test.js": "jest.mock('x')"}, Framework.JEST, "web/cart.test.js", "./cart"),
    (
        "src/main/java/a/Cart.java",
        {"pom.xml": "junit-jupiter"},
        Framework.JUNIT5,
        "src/test/java/a/CartTest.java",
        "Cart",
    ),
    (
        "app/src/main/java/a/Cart.java",
        {"app/src/main/java/a/List.java": "", "app/src/test/java/a/ListTests.java": JUPITER},
        Framework.JUNIT5,
        "app/src/test/java/a/CartTests.java",
        "Cart",
    ),
    (
        "src/a/Cart.java",
        {"src/a/List.java": "", "test/a/TestList.java": "import org.junit.jupiter.api.Test;"},
        Framework.JUNIT5,
        "test/a/TestCart.java",
        "Cart",
    ),
    (
        "src/main/java/a/Cart.java",
        {"pom.xml": "<artifactId>junit</artifactId>"},
        Framework.JUNIT4,
        "src/test/java/a/CartTest.java",
        "Cart",
    ),
    (
        "src/main/java/a/Cart.java",
        {"src/test/java/a/CartTest.java": "import org.junit.Test;"},
        Framework.JUNIT4,
        "src/test/java/a/CartMoreTest.java",
        "Cart",
    ),
    (
        "a/Cart.java",
        {"build.gradle": "testImplementation 'junit:junit:4.13'"},
        Framework.JUNIT4,
        "src/test/java/a/CartTest.java",
        "Cart",
    ),
    (
        "src/main/kotlin/a/Cart.kt",
        {"build.gradle.kts": 'testImplementation(kotlin("test"))'},
        Framework.KOTLIN_TEST,
        "src/test/kotlin/a/CartTest.kt",
        "Cart",
    ),
    (
        "src/Cart.kt",
        {"src/List.kt": "", "test/ListTest.kt": "import kotlin.test.Test"},
        Framework.KOTLIN_TEST,
        "test/CartTest.kt",
        "Cart",
    ),
    (
        "a/Cart.kt",
        {"a/List.kt": "", "a/ListTest.kt": "import kotlin.test.Test"},
        Framework.KOTLIN_TEST,
        "a/CartTest.kt",
        "Cart",
    ),
    ("cart.go", {"go.mod": "module shop"}, Framework.GO_TEST, "cart_test.go", "cart"),
    (
        "pkg/cart.go",
        {"pkg/list.go": "", "pkg/list_test.go": ""},
        Framework.GO_TEST,
        "pkg/cart_test.go",
        "cart",
    ),
    (
        "pkg/cart.go",
        {"pkg/cart_test.go": "", "pkg/cart_more_test.go": ""},
        Framework.GO_TEST,
        "pkg/cart_more2_test.go",
        "cart",
    ),
]


@pytest.mark.parametrize(("subject", "others", "framework", "test", "name"), LAYOUTS)
def test_a_new_test_is_written_as_the_repositorys_own_are(
    subject: str, others: dict[str, str], framework: Framework, test: str, name: str
) -> None:
    files = {subject: "", **others}
    language = language_of(subject)
    assert language is not None
    found = habits(files, language)
    assert found is not None
    assert found.framework is framework
    family = FAMILIES[language]
    assert place(subject, found, family, files) == test
    whole = framework is Framework.NODE_TEST
    assert imported(subject, test, family, files, whole=whole).name == name


def test_what_no_known_framework_tests_has_no_habits() -> None:
    assert habits({"a.js": "", "a.test.js": "import {expect} from 'chai'"}, Language.JAVASCRIPT) is None
    assert habits({"a.rs": ""}, Language.RUST) is None


def test_a_test_of_middle_length_shows_how_they_are_written() -> None:
    files = {f"tests/test_{n}.py": PLAIN * n for n in (1, 2, 40)}
    found = habits(files, Language.PYTHON)
    assert found is not None
    assert found.examples[0] == "tests/test_2.py"
