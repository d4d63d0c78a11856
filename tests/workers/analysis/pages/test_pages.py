"""Pages in both formats: put together from structure, read back as they were, kept where people wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.analysis.structure.outline import SAMPLES, sample, truth
from workers.analysis.pages.check import problems
from workers.analysis.pages.compose import Writing, compose
from workers.analysis.pages.document import Existing, LeftOut
from workers.analysis.pages.drift import Drift, drifts
from workers.analysis.pages.formats import FORMATS
from workers.analysis.pages.mentions import vocabulary
from workers.analysis.pages.slugs import names, slug_of
from workers.analysis.structure.model import Function, Module, Type, Value, Visibility

NOTHING, UNSAID = Existing(""), Writing()
NAMES = names(sorted(truth()))
PIECES = [
    "```",
    "````",
    "~~~",
    "`",
    "-",
    "#",
    "id::",
    "[[",
    "]]",
    "((x))",
    "::",
    "a",
    "x=1",
    "===",
    "---",
    "*",
    ">",
    "@b",
    "#3",
    "![i](u)",
    "[l](http://u)",
]
PIECES += [
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\n- ",
    "<!-- hand-written -->\n",
    "<!-- id: a mark: b -->\n",
    "ü\u202e",
    "\r",
]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
MARKED = "<!-- hand-written -->\nMy *own* words.\n\n- kept:: [[as it is]]\n<!-- /hand-written -->"


def page(module: Module, form: str, writing: Writing = UNSAID, before: Existing = NOTHING) -> str:
    return FORMATS[form].write(
        compose(module, NAMES.get(module.path) or names([module.path])[module.path], writing, before)
    )


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("name", sorted(truth()))
def test_a_page_from_structure_alone_is_in_order_and_stays_as_it_is(name: str, form: str) -> None:
    module, text = sample(name), (SAMPLES / name).read_text(encoding="utf-8")
    document = compose(module, NAMES[name], Writing(), NOTHING)
    written = page(module, form)
    assert not problems(written, module, document, FORMATS[form], vocabulary(module, text))
    before = FORMATS[form].read(name, written)
    assert not drifts(module, NAMES[name].slug, before)
    assert page(module, form, before=before) == written


@pytest.mark.parametrize("form", sorted(FORMATS))
@given(docs=HOSTILE, said=HOSTILE, default=st.text(alphabet="`<>-! ,'x", max_size=20))
@settings(max_examples=30, deadline=None)
def test_no_text_breaks_a_page(form: str, docs: str, said: str, default: str) -> None:
    function = Function("f", "method", 2, 3, docs=docs)
    value = Value("x", "constant", 4, 4, docs=docs, default=default)
    owner = Type("A", "class", 1, 3, docs=said, members=(function,))
    module = Module("a.py", "python", docs=said, members=(owner, value))
    document = compose(module, names(["a.py"])["a.py"], Writing(texts={"a--A-f": said}), NOTHING)
    written = FORMATS[form].write(document)
    found = problems(written, module, document, FORMATS[form], vocabulary(module))
    assert not [one for one in found if "does not exist" not in one]
    before = FORMATS[form].read("a", written)
    assert page(module, form, before=before) == written


@pytest.mark.parametrize("form", sorted(FORMATS))
@given(
    text=HOSTILE,
    mine=st.lists(st.sampled_from([one for one in PIECES if "hand" not in one]), min_size=1).map("".join),
)
@settings(max_examples=30, deadline=None)
def test_any_page_is_read_and_what_is_between_markers_is_found(form: str, text: str, mine: str) -> None:
    FORMATS[form].read("a", text)
    mine = mine.replace("\r", "")
    found = FORMATS[form].read("a", f"# A\n<!-- hand-written -->\n{mine}\n<!-- /hand-written -->\n")
    assert not found.problems
    assert [line.strip() for line in found.kept[0].lines] == [line.strip() for line in mine.split("\n")]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_people_wrote_is_kept_where_it_was(form: str) -> None:
    module = sample("box.py")
    indent = "\t  " if form == "logseq" else ""
    marked = "\n".join(f"{indent}{line}" if line else "" for line in MARKED.split("\n"))
    anchor = "weight -> float\n" + indent + "```\n"
    old = page(module, form).replace(anchor, f"{anchor}{marked}\n")
    assert old.count("hand-written") == 2
    before = FORMATS[form].read("box.py", old)
    assert not before.problems
    again = page(module, form, before=before)
    assert marked in again
    assert page(module, form, before=FORMATS[form].read("box.py", again)) == again
    assert marked.replace("\t  ", "  ") in page(replace(module, members=()), form, before=before)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_people_added_without_markers_stays_while_the_symbol_does(form: str) -> None:
    module = sample("box.py")
    anchor = "\n## API Reference\n"
    old = page(module, form).replace(anchor, f"\n## My heading\n\nMy words.\n\n- and more\n{anchor}")
    again = page(module, form, before=FORMATS[form].read("box.py", old))
    assert all(word in again for word in ("## My heading", "My words.", "- and more"))
    assert page(module, form, before=FORMATS[form].read("box.py", again)) == again


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("broken", ["<!-- hand-written -->\n", "<!-- /hand-written -->\n"])
def test_a_page_with_broken_markers_says_so(form: str, broken: str) -> None:
    assert FORMATS[form].read("a", page(sample("box.go"), form) + broken).problems


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_changed_symbol_is_told_from_its_page(form: str) -> None:
    old = Module("a.py", "python", members=(Function("f", "function", 1, 2), Function("g", "function", 3, 4)))
    new = replace(
        old, members=(Function("f", "function", 1, 2, returns="int"), Function("h", "function", 3, 4))
    )
    before = FORMATS[form].read("a", page(old, form, Writing(texts={"a--f": "Does f."})))
    assert before.section("a--f").text == "Does f."  # type: ignore[union-attr]
    assert drifts(new, "a", before) == (
        Drift("changed", "f", 1),
        Drift("missing", "h", 3),
        Drift("gone", "g"),
    )
    assert drifts(replace(new, complete=False), "a", before)[-1].kind == "missing"
    assert "Does f." in page(old, form, before=before)
    assert "Does f." not in page(new, form, before=before)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_is_left_out_is_listed_and_counts_as_told(form: str) -> None:
    module = sample("box.py")
    writing = Writing(left_out=(LeftOut("Box", "told elsewhere"), LeftOut("Names", "an alias")))
    document = compose(module, NAMES["box.py"], writing, NOTHING)
    written = FORMATS[form].write(document)
    assert "`Box`: told elsewhere" in written
    assert [one.depth for one in document.sections] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert not problems(written, module, document, FORMATS[form], vocabulary(module))


@pytest.mark.parametrize(
    ("prose", "why"),
    [
        ("Calls `Box.fly()` first.", "it names Box.fly(), which does not exist"),
        ("Uses `make_it_up`.", "it names make_it_up, which does not exist"),
        ("Uses `Box.weight`, `lift(box)`, `a + b`, `docs/x.md`, `word`, `ValueError`.", ""),
    ],
)  # fmt: skip
def test_invented_symbols_are_found(prose: str, why: str) -> None:
    module = sample("box.py")
    document = compose(module, NAMES["box.py"], Writing(overview=prose), NOTHING)
    written = FORMATS["markdown"].write(document)
    found = problems(written, module, document, FORMATS["markdown"], vocabulary(module))
    assert found == ((why,) if why else ())


def test_a_missing_section_is_found() -> None:
    module = sample("box.py")
    document = compose(module, NAMES["box.py"], Writing(), NOTHING)
    written = FORMATS["logseq"].write(replace(document, sections=document.sections[1:]))
    assert problems(written, module, document, FORMATS["logseq"], vocabulary(module)) == (
        "sections are missing: box-py-values",
        "public and neither told nor left out: LIMIT",
    )


def test_private_symbols_are_on_no_page() -> None:
    module = Module("a.py", "python", members=(Function("f", "function", 1, 1, Visibility.PRIVATE),))
    assert "### " not in page(module, "markdown")


def test_names_tell_files_apart() -> None:
    found = names(
        ["a/b.py", "a-b.py", "a/b.ts", "c.go", "[[x]].py", "((x)).py", "X/y.py", "x___Y.py", "a\nid:: b.py"]
    )
    for form in FORMATS.values():
        assert len({form.place("", one.title).casefold() for one in found.values()}) == len(found)
    assert len({one.slug.casefold() for one in found.values()}) == len(found)
    assert "\n" not in found["a\nid:: b.py"].title
    assert found["c.go"].title == "c"
    assert found["a/b.py"].title == "a/b.py"
    assert "[" not in found["[[x]].py"].title


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=12))
@settings(max_examples=50)
def test_symbols_that_differ_have_different_ids(symbols: list[str]) -> None:
    assert len({slug_of(one) for one in symbols}) == len(symbols)
