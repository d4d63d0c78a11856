"""What others can import from a module, and how its functions ask to be called."""

from __future__ import annotations

import pytest

from workers.analysis.languages import language_of
from workers.analysis.structure.importing import Importable, importable, mentions
from workers.analysis.structure.read import read

PYTHON = """\
LIMIT: int = 3
def plain(a, b=(1, 2), *rest: int, key: dict[str, int], other="x", **more) -> None: ...
async def long(
    first: int,  # why, oh why
    second: str = "",
) -> int:
    return 1
def _private(a): ...
class Thing:
    def method(self): ...
if LIMIT:
    late = 1
"""


def offered(path: str, text: str) -> Importable | None:
    return importable(read(path, text, str(language_of(path))))


def test_python_lets_import_everything_at_the_top() -> None:
    found = offered("a.py", PYTHON)
    assert found is not None
    assert found.names == {"LIMIT", "plain", "long", "_private", "Thing", "late"}
    assert found.required == {"plain": ("a", "key"), "long": ("first",), "_private": ("a",)}
    assert found.accepted["plain"] == {"a", "b", "*", "key", "other", "**"}


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("a.ts", "export async function f() {}\nexport const g = 1;\nfunction own() {}\n", {"f", "g"}),
        ("a.ts", "const a = 1;\nclass B {}\nexport {\n  a,\n  B as C };\nexport type { D } from './d';\n", {"a", "C"}),
        ("a.js", "const A = class {};\nfunction f() {}\nmodule.exports = { A, g: f, h() {} };\n", {"A", "g", "h"}),
        ("a.js", "class A {}\nexport { A as 'a b' };\n", {"a b"}),
        ("a.js", "exports.f = () => 1;\nif (x) exports.g = 1;\n", {"f", "g"}),
        ("a.js", "if (x) { exports.h = 1; } else { module.exports = class K {}; }\n", {"h", "K"}),
    ],
)  # fmt: skip
def test_scripts_let_import_what_they_export(path: str, text: str, names: set[str]) -> None:
    found = offered(path, text)
    assert found is not None
    assert found.names == names


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "from b import *\n"),
        ("a.py", "try:\n    from b import *\nexcept ImportError:\n    pass\n"),
        ("a.py", "def __getattr__(name): ...\n"),
        ("a.py", "globals().update(names)\n"),
        ("a.ts", 'export * from "./b";\n'),
        ("a.js", 'module.exports = require("./b");\n'),
        ("a.js", "module.exports = { ...others, a };\n"),
        ("a.js", "__exportStar(require('./b'), exports);\n"),
        ("a.go", "package a\nfunc F() {}\n"),
    ],
)
def test_module_that_nobody_can_tell_is_none(path: str, text: str) -> None:
    assert offered(path, text) is None


def test_word_is_no_part_of_another() -> None:
    assert mentions("a.find(b)", "find")
    assert not mentions("finder, re_find", "find")
