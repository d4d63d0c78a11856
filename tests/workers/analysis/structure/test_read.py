"""The structure of files in seven languages, of broken files, and of files made to break the reader."""

from __future__ import annotations

import ast
import statistics as a_module_of_python
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.analysis.structure.outline import outline, sample, truth
from workers.analysis.languages import language_of
from workers.analysis.structure.model import Function, Gap, Module, Type, named
from workers.analysis.structure.nodes import ReadLimits
from workers.analysis.structure.read import READERS, read

TRUTH = truth()
PIECES = (
    "class A {",
    "def f(",
    "fun ",
    "}",
    ")",
    "export ",
    "type ",
    "(" * 50,
    "\n  ",
    "/** ",
    "*/",
    "@",
    "`",
    '"""',
    "x: int",
    "impl A for B {",
    "#[a]",
)


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_every_definition_of_the_samples_is_read(name: str) -> None:
    assert list(outline(sample(name))) == TRUTH[name]


def test_every_language_has_a_sample() -> None:
    assert {sample(name).language for name in TRUTH} == set(READERS)


def test_python_itself_finds_the_same_functions() -> None:
    text = Path(a_module_of_python.__file__).read_text(encoding="utf-8")
    found = [one for one in read("m.py", text, "python").members if isinstance(one, Function | Type)]
    theirs = [
        (one.name, min([one.lineno, *(each.lineno for each in one.decorator_list)]), one.end_lineno)
        for one in ast.parse(text).body
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
    ]
    assert [(one.name, one.start, one.end) for one in found] == theirs


def test_what_is_around_an_error_is_read_and_the_error_is_said() -> None:
    module = read("a.py", "def before(): ...\n\nclass ::\n\ndef after(x): ...\n", "python")
    assert {one.name for one in module.members} >= {"before", "after"}
    assert not module.complete
    assert 3 in {line for gap in module.gaps for line in range(gap.start, gap.end + 1)}


@pytest.mark.parametrize(
    ("text", "language", "line"),
    [
        ("x = 1\n\ndef f(:\n    return 1\n", "python", 3),
        ("function f() {\n  return g(1;\n}\n", "javascript", 2),
        ("package a\n\nfunc f() {\n\tx := 1\n", "go", 5),
    ],
)
def test_what_the_parser_had_to_think_of_is_a_gap(text: str, language: str, line: int) -> None:
    assert line in {gap.start for gap in read("a", text, language).gaps}


@pytest.mark.parametrize(
    ("text", "language", "limits", "why"),
    [
        ("x" * 11, "python", ReadLimits(text_max_chars=10), "longer than 10 characters"),
        ("\0ELF", "python", ReadLimits(), "it is not text"),
        ("a { b: c }", "css", ReadLimits(), "there is no reader for its language"),
        ("class A:\n  class B:\n    x = 1\n", "python", ReadLimits(depth_max_levels=2), "nested more than 2 levels deep"),
        ("a = 1\nb = 2\nc = 3\n", "python", ReadLimits(members_max=2), "more than 2 definitions"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_a_gap(text: str, language: str, limits: ReadLimits, why: str) -> None:
    module = read("a", text, language, limits)
    assert [gap.why for gap in module.gaps] == [why]
    assert not module.complete


def test_texts_are_cut_at_their_limits() -> None:
    limits = ReadLimits(docs_max_chars=10, code_max_chars=10, name_max_chars=5, parameters_max=1)
    text = f'def long_name(a={"1" * 20}, b=2):\n    """{"doc " * 9}"""\n'
    (one,) = read("a.py", text, "python", limits).members
    assert isinstance(one, Function)
    assert (one.name, one.docs, [each.default for each in one.parameters]) == (
        "long_",
        "doc doc d…",
        ["111111111…"],
    )


@pytest.mark.parametrize("language", sorted(READERS))
@given(text=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)))
@settings(max_examples=25, deadline=None)
def test_no_text_raises(language: str, text: str) -> None:
    module = read("x", text, language)
    last = text.count("\n") + 1
    assert all(1 <= one.member.start <= one.member.end <= last for one in named(module))
    assert module.complete == (not module.gaps)


@pytest.mark.parametrize("text", ["(" * 5_000, "class A:\n" * 500, "{" * 5_000, "/**" * 5_000, "x=" * 5_000])
@pytest.mark.parametrize("language", ["python", "typescript", "kotlin"])
def test_depth_costs_no_more_than_a_gap(text: str, language: str) -> None:
    assert isinstance(read("x", text, language), Module)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("struct A; impl A { fn f() {} }\n" * 500, "rust"),
        ("package a\n" + "type A struct{}\nfunc (a A) F() {}\n" * 500, "go"),
        ("exports.a = " * 2_000 + "b;\n", "javascript"),
        ("__all__ = " + "['a'] + " * 2_000 + "['b']\n", "python"),
    ],
)
def test_nothing_is_told_more_often_than_it_stands_there(text: str, language: str) -> None:
    assert len(list(named(read("x", text, language)))) <= 1_000


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("a, (b, *c), x.y, d[0] = e = 1, 2\n", "python", ["a", "b", "c", "e"]),
        ("export const { d, e: [f = 1], ...g } = o, [h = 1] = p;\n", "typescript", ["d", "f", "g", "h"]),
    ],
)
def test_every_name_of_one_assignment_is_read(text: str, language: str, names: list[str]) -> None:
    assert [one.name for one in read("a", text, language).members] == names


def test_members_of_a_type_that_was_not_understood_are_nobody_elses() -> None:
    broken = (
        "abstract class P { val q: Int; companion object N { val z = 1 } ; var s: Int = 1\n private set }\n"
    )
    text = f"fun own() = 1\n\n{broken}"
    module = read("a.kt", text, "kotlin")
    assert [one.name for one in module.members] == ["own"]
    assert not module.complete


def test_words_to_gos_tools_are_no_documentation() -> None:
    module = read("a.go", "package a\n\n//go:generate x\n// F does.\nfunc F() {}\n", "go")
    assert [one.docs for one in module.members] == ["F does."]


@pytest.mark.parametrize(
    "literal", ['"""A.\\d"""', 'r"""A.\\d"""', "'A.' '\\\\d'", '"A.\\\\d"', "'''A.\\\\d'''"]
)
def test_docstrings_are_read_however_they_are_quoted(literal: str) -> None:
    assert read("a.py", f"def f():\n    {literal}\n", "python").members[0].docs == "A.\\d"


def test_docstrings_lines_end_as_python_reads_them() -> None:
    assert read("a.py", 'def f():\r\n    """A.\r\n    B."""\r\n', "python").members[0].docs == "A.\nB."


def test_types_given_to_a_base_are_part_of_it() -> None:
    (one,) = read("a.ts", "class A extends /* why */ B.C<D> implements E<F>, G {}\n", "typescript").members
    assert isinstance(one, Type)
    assert one.bases == ("B.C<D>", "E<F>", "G")


def test_quoted_members_of_an_enumeration_are_members() -> None:
    (one,) = read("a.ts", "enum A { B, 'c-d', \"e f\" = 1 }\n", "typescript").members
    assert isinstance(one, Type)
    assert [each.name for each in one.members] == ["B", "c-d", "e f"]


def test_half_a_surrogate_pair_is_read_over() -> None:
    assert read("a.py", "x = '\ud800'\n", "python").members[0].name == "x"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("class A:\n  def __len__(s): ...\n  @override\n  def a(s): ...\n  def b(s): ...\n", "a.py"),
        (
            "class A { @Override public int a() { return 1; } @Other public int b() { return 1; } }\n",
            "A.java",
        ),
        ("class A : B() { override fun a() = 1; open fun b() = 1 }\n", "a.kt"),
        ("class A extends B { override a() {} b() {} }\n", "a.ts"),
        ("struct A;\nimpl A { pub fn b() {} }\nimpl B for A { fn a() {} }\n", "a.rs"),
    ],
)
def test_methods_that_are_agreed_elsewhere_say_so(text: str, path: str) -> None:
    every = [one.member for one in named(read(path, text, str(language_of(path))))]
    said = {one.name: one.overrides for one in every if isinstance(one, Function) and one.kind == "method"}
    assert {name for name, overrides in said.items() if overrides} == said.keys() - {"b"}
    assert "b" in said


def test_what_macros_of_rust_define_is_a_gap_and_nobodys() -> None:
    module = read(
        "a.rs", "bitflags! { struct Hidden; }\nimpl [u8] { pub fn f() {} }\nimpl { fn g() {}\n", "rust"
    )
    assert [one.name for one in named(module)] == ["[u8].f"]
    assert [(gap.start, "macro" in gap.why) for gap in module.gaps] == [(1, True), (3, False)]


def test_a_gap_names_its_lines() -> None:
    assert read("a", "a\nb\n", "css").gaps == (Gap(1, 3, "there is no reader for its language"),)
