"""Structures as flat lists of definitions, in every language."""

from __future__ import annotations

import pytest

from workers.analysis.structure.read import READERS, read
from workers.analysis.symbols import Symbol, definitions, enclosing

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
    return {one.name.lower(): one for one in definitions(read("a", code, language), code)}


@pytest.mark.parametrize("language", sorted(READERS))
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


@pytest.mark.parametrize(
    ("code", "language", "names"),
    [
        ("class A:\n  @property\n  def x(s): ...\n  @x.setter\n  def x(s, v): ...\n", "python", ["A", "A.x", "A.x"]),
        ("for x in y:\n  def f(): ...\ntype B = int\nc = 1\n", "python", ["f"]),
        ("const a = { get() {} };\nexports.B = class { m() {} };\n", "javascript", ["a", "a.get", "B", "B.m"]),
        ("namespace N { export function f() {} }\ntype T = number;\n", "typescript", ["f"]),
        ("class A { class B { int f() { return 1; } } }\n", "java", ["A", "A.B", "B.f"]),
        ("package a\nfunc (b *Box[T]) Lift() {}\ntype T = int\n", "go", ["Box.Lift"]),
        ("fun List<Int>.last() = 1\nclass A(val a: Int)\n", "kotlin", ["List<Int>.last", "A"]),
        ("class A { m() {} }\nexport { A as B };\n", "typescript", ["A", "A.m"]),
        ("mod tests { fn f() {} }\nimpl a::Box<T> { fn g() {} }\n", "rust", ["f", "Box.g"]),
    ],
)  # fmt: skip
def test_definitions_know_what_they_belong_to(code: str, language: str, names: list[str]) -> None:
    assert [one.full_name for one in definitions(read("a", code, language), code)] == names


def test_a_setter_is_as_public_as_its_property() -> None:
    code = "class A {\n  get x() { return 1; }\n  set x(v) {}\n  set _y(v) {}\n}\nmodule.exports = { A };\n"
    found = definitions(read("a.js", code, "javascript"), code)
    assert [(one.full_name, one.public) for one in found] == [
        ("A", True),
        ("A.x", True),
        ("A.x", True),
        ("A._y", False),
    ]
