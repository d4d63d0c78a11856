"""A change that leaves a page of ours behind is told of, in every language and format, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from functools import reduce

import pytest

from config.repository import DocsRules, RepositoryConfig
from tests.workers.experts.changes import changed
from tests.workers.experts.rounds import after, earlier, fates
from workers.analysis.languages import language_of
from workers.analysis.pages.compose import Writing, compose
from workers.analysis.pages.document import Existing
from workers.analysis.pages.formats import FORMATS
from workers.analysis.pages.slugs import names
from workers.analysis.sandbox import JailLimits, probe
from workers.analysis.source import Analysis, SourceFile, sources
from workers.analysis.structure.changes import Offered
from workers.analysis.structure.jailed import offers
from workers.analysis.structure.model import Module
from workers.analysis.structure.read import read
from workers.domain.adjudication import Fate
from workers.domain.change import Change, ChangedFile, Snapshot
from workers.domain.finding import Finding, Severity
from workers.experts.base import View
from workers.experts.documentation import DocumentationExpert
from workers.github.sanitise import sanitiser
from workers.pipelines.paged import pages_of, with_before
from workers.pipelines.review import ReviewRequest, review

OLD = 'def lift(load, by=1):\n    """Lift."""\n\n\ndef drop():\n    """Drop."""\n'
OTHER = "another type or default"
JAVA = "public class A {\n  public int f(int a) {}\n  int g() {}\n}\n"
CLASS = "export class B {\n  lift(a: number) {}\n}\n"
JS, TSX, KOTLIN = (
    "export function lift(a) {}\n",
    "export const F = (a: A) => 1\n",
    "fun f(a: Int) {}\nfun g() {}\n",
)
GO = "package a\n\nfunc F(a int) {}\n"
CASES = {
    "added": ("a.py", OLD, {"by=1": "by=1, fast=False"}, "`lift`: parameter `fast` is new", 1),
    "removed": ("a.py", OLD, {", by=1": ""}, "`lift`: parameter `by` is gone", 1),
    "renamed": ("a.py", OLD, {"load": "weight"}, "`lift`: parameter `load` is now `weight`", 1),
    "typed": ("a.py", OLD, {"(load": "(load: int"}, f"`lift`: parameter `load` has {OTHER}", 1),
    "gone": ("a.py", OLD, {'\n\n\ndef drop():\n    """Drop."""': ""}, "`drop` is gone", 2),
    "new": ("a.py", OLD, {'p."""\n': 'p."""\n\n\nclass Lid:\n    def f(self): ...\n'}, "`Lid` is new (line 9)", 9),
    "private": ("a.py", OLD, {'p."""\n': 'p."""\n\n\ndef _lid(a): ...\n'}, "", None),
    "body": ("a.py", OLD, {'p."""\n': 'p."""\n    return None\n'}, "", None),
    "docs": ("a.py", OLD, {"Lift.": "Lift it."}, "", None),
    "js": ("a.js", JS, {"a)": "a, b)"}, "`lift`: parameter `b` is new", 1),
    "ts": ("a.ts", CLASS, {"number": "string"}, f"`B.lift`: parameter `a` has {OTHER}", 2),
    "tsx": ("a.tsx", TSX, {"(a": "(b"}, "`F`: parameter `a` is now `b`", 1),
    "java": ("A.java", JAVA, {"int f": "long f", "g()": "g(int b)"}, "`A.f`: it returns another type", 2),
    "kotlin": ("a.kt", KOTLIN, {"fun g": "private fun g"}, "`g` is gone", 2),
    "go": ("a.go", GO, {"int)": "int, b int)", "{}\n": "{}\nfunc f() {}\n"}, "`F`: parameter `b` is new", 3),
}  # fmt: skip


def module(path: str, text: str) -> Module:
    return read(path, text, str(language_of(path)))


def edited(path: str, old: str, new: str) -> ChangedFile:
    """A changed file with the hunks that git would show."""
    lines = list(unified_diff(old.splitlines(), new.splitlines(), lineterm=""))[2:]
    return changed(path, "\n".join(lines), new)


def page(path: str, text: str, form: str) -> tuple[str, str]:
    name = names([path])[path]
    made = compose(module(path, text), name, Writing(overview="What it is."), Existing(""))
    return FORMATS[form].place("docs", name.title), FORMATS[form].write(made)


def findings(
    file: ChangedFile, old: str, *pages: ChangedFile, around: dict[str, str], rules: DocsRules | None = None
) -> list[Finding]:
    """What the expert says of `file`, with the interfaces read here instead of in the sandbox."""
    change = Change("a" * 40, "b" * 40, (file, *pages))
    snapshot = Snapshot(around | {one.path: one.text or "" for one in change.files}, complete=True)
    telling = pages_of(change, snapshot, rules or DocsRules())
    readable = with_before(sources(change), change, telling)
    offered = {
        one.path: Offered(module(one.path, one.before), module(one.path, one.text))
        for one in readable
        if one.before is not None
    }
    assert all(one.before == old for one in readable if one.before is not None)
    view = View(change, snapshot, Analysis(offered=offered), readable, pages=telling)
    return [one for one in DocumentationExpert().static(view) if one.rule == "pages/drift"]


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("case", CASES)
def test_what_the_change_makes_of_the_interface_is_told_at_its_line(case: str, form: str) -> None:
    path, old, changes, said, line = CASES[case]
    new = reduce(lambda text, one: text.replace(*one, 1), changes.items(), old)
    where, text = page(path, old, form)
    found = findings(edited(path, old, new), old, around={where: text})
    assert [(one.line, one.description) for one in found] == (
        [(line, f"`{where}` does not follow: {said}.")] if said else []
    )


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_page_that_follows_is_behind_nothing(form: str) -> None:
    new = OLD.replace("load", "weight").replace("drop", "fall")
    where, before = page("a.py", OLD, form)
    _, after = page("a.py", new, form)
    file = edited("a.py", OLD, new)
    assert not findings(file, OLD, edited(where, before, after), around={})
    by_hand = before.replace("Lift.", "Lift a weight.").replace("`drop`", "`fall`")
    assert not findings(file, OLD, edited(where, before, by_hand), around={})
    elsewhere = before.replace("What it is.", "What they are.")
    (one,) = findings(file, OLD, edited(where, before, elsewhere), around={})
    assert one.severity is Severity.LOW
    assert one.description.endswith("`fall` is new (line 5); `drop` is gone.")


def test_what_could_not_be_read_is_neither_new_nor_gone() -> None:
    where, text = page("a.py", OLD, "markdown")
    assert not findings(
        edited("a.py", OLD, "def lift(load, by=1):\n\n\nclass (:\n"), OLD, around={where: text}
    )


def test_pages_of_people_and_those_that_follow_pushes_are_left_alone() -> None:
    file = edited("a.py", OLD, OLD.replace("load", "weight"))
    where, text = page("a.py", OLD, "markdown")
    assert findings(file, OLD, around={where: text})
    assert not findings(file, OLD, around={where: "# a\n\n`lift(load)` lifts.\n"})
    assert not findings(file, OLD, around={where: f"```\n{text}```\n"})
    assert not findings(file, OLD, around={f"elsewhere/{where}": text})
    assert not findings(file, OLD, around={where: text}, rules=DocsRules(on_push=True))
    assert not findings(file, OLD, around={where: text}, rules=DocsRules(paths=("b/**",)))


def test_many_symbols_are_one_finding_of_a_bounded_length() -> None:
    old = "".join(f"def f{number}(a): ...\n" for number in range(300))
    where, text = page("a.py", old, "markdown")
    (one,) = findings(edited("a.py", old, old.replace("a)", "b)")), old, around={where: text})
    assert one.description.endswith("`f5`: parameter `a` is now `b`; and 194 more.")


async def test_a_review_reads_both_interfaces_in_the_sandbox_and_says_it_where_a_command_helps() -> None:
    where, text = page("a.py", OLD, "markdown")
    new = OLD.replace("load", "weight")
    request = ReviewRequest(
        Change("a" * 40, "b" * 40, (edited("a.py", OLD, new),)),
        Snapshot({"a.py": new, where: text}, complete=True),
        RepositoryConfig(),
    )
    sandbox = await probe()

    async def read_alone(files: Sequence[SourceFile], _: Snapshot) -> Analysis:
        offered = await offers(files, sandbox, JailLimits(wall_s=20.0))
        return Analysis(symbols={"a.py": ()}, offered=offered)

    told = await review(
        request,
        analyse=read_alone,
        models=None,
        progress=lambda _: None,
        new_boundary=lambda: "",
        clock=lambda: 0.0,
    )
    (one,) = [each for each in told.findings if each.rule == "pages/drift"]
    assert (one.line, one.evidence) == (1, "def lift(weight, by=1):")
    assert "`/quorum docs a.py`" in one.recommendation
    assert "`/quorum docs a.py`" in sanitiser("https://github.com/o/r", ()).clean(one.recommendation)


def test_a_page_that_a_later_push_brings_up_to_date_settles_it() -> None:
    where, text = page("a.py", OLD, "markdown")
    new = OLD.replace("load", "weight")
    said = earlier(*findings(edited("a.py", OLD, new), OLD, around={where: text}))
    before, mended = {"a.py": new, where: text}, {"a.py": new, where: page("a.py", new, "markdown")[1]}
    assert fates(after(said, mended, before=before)) == [Fate.FIXED]
    assert fates(after(said, before, before=before)) == [Fate.OPEN]
