"""Definitions in eight languages."""

from __future__ import annotations

import pytest
from ast_grep_py import SgRoot

from workers.analysis.symbols import KINDS, Symbol, definitions, enclosing

CODE = {
    "python": '@deco\nclass Box:\n    """Doc."""\n\n    def lift(self):\n        return 1\n\ndef _hidden():\n    pass\n',
    "javascript": "/** Doc. */\nexport class Box {\n  lift() { return 1; }\n}\nconst hidden = () => {};\n",
    "typescript": "// Doc.\nexport class Box {\n  lift(): number { return 1; }\n}\nconst hidden = () => {};\n",
    "tsx": "// Doc.\nexport class Box {\n  lift() { return <p/>; }\n}\nfunction hidden() {}\n",
    "java": "/** Doc. */\npublic class Box {\n  public int lift() { return 1; }\n  int hidden() { return 1; }\n}\n",
    "go": "package a\n// Doc.\ntype Box struct{}\nfunc (b *Box) Lift() int { return 1 }\nfunc hidden() {}\n",
    "kotlin": "/** Doc. */\nclass Box {\n  fun lift() = 1\n}\nprivate fun hidden() {}\n",
    "rust": "/// Doc.\n#[derive(Debug)]\npub struct Box;\nimpl Box {\n  pub fn lift(&self) {}\n}\nfn hidden() {}\n",
}


def symbols(language: str, code: str) -> dict[str, Symbol]:
    return {one.name.lower(): one for one in definitions(SgRoot(code, language).root(), language)}


@pytest.mark.parametrize("language", sorted(KINDS))
def test_types_methods_and_functions_are_told_apart(language: str) -> None:
    found = symbols(language, CODE[language])
    assert {name: (one.kind, one.public) for name, one in found.items()} == {
        "box": ("type", True),
        "lift": ("method", True),
        "hidden" if language != "python" else "_hidden": (
            "method" if language == "java" else "function",
            False,
        ),
    }
    assert found["lift"].owner == "Box"
    assert found["box"].has_doc
    assert not found["lift"].has_doc


def test_decorator_belongs_to_the_definition() -> None:
    assert symbols("python", CODE["python"])["box"].start == 1


def test_local_functions_are_left_out() -> None:
    assert set(symbols("python", "def f():\n    def g():\n        pass\n")) == {"f"}


def test_enclosing_is_the_innermost_function() -> None:
    outer = Symbol("outer", "function", 1, 9, True, False)
    inner = Symbol("inner", "method", 3, 5, True, False, "Box")
    assert enclosing([outer, inner], 4) == inner
    assert enclosing([outer, inner], 8) == outer
    assert enclosing([outer, inner], 10) is None


def test_unknown_language_has_no_definitions() -> None:
    assert not symbols("css", "a { b: c }")
