"""Descriptions: what holds without a model, and what of a model's words counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.workers.experts.answering import AnsweringModels
from workers.analysis.diff import parse_patch
from workers.domain.budget import BudgetAwayError
from workers.domain.change import Change, ChangedFile, FileStatus, LinkedIssue, Omission, Snapshot
from workers.domain.description import Description, Diagram, Kind, Met, Node
from workers.domain.task import ModelError
from workers.pipelines.describe import NO_MODEL, DescribeLimits, DescribeRequest, describe
from workers.pipelines.describing.diagram import NODES_MAX, diagram_of, in_order
from workers.pipelines.describing.kinds import kinds_of, nature

TEXT = "from shop.tax import rate\n\n\ndef net(gross):\n    return gross / rate()\n    pass\n    pass\n"
PATCH = "@@ -3,3 +3,3 @@\n \n def net(gross):\n-    return gross * 1.19\n+    return gross / rate()"
TAX = "def rate():\n    return 1.19\n"
SECRET = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
PRICES, RATES, GONE, PAGE = "shop/prices.py", "shop/tax.py", "shop/old.py", "docs/prices.md"


def request(*issues: int) -> DescribeRequest:
    added = "\n".join(f"+{line}" for line in TAX.split("\n")[:-1])
    files = (
        ChangedFile(PRICES, FileStatus.MODIFIED, parse_patch(PATCH), additions=1, deletions=1, text=TEXT),
        ChangedFile(RATES, FileStatus.ADDED, parse_patch(f"@@ -0,0 +1,2 @@\n{added}"), additions=2, text=TAX),
        ChangedFile(
            GONE,
            FileStatus.REMOVED,
            parse_patch("@@ -1 +0,0 @@\n-OLD = 'gone'"),
            deletions=1,
            omitted=Omission.REMOVED,
        ),
        ChangedFile(PAGE, FileStatus.MODIFIED, parse_patch("@@ -1 +1 @@\n-a\n+b"), text="b\n"),
    )
    linked = tuple(LinkedIssue(number, f"Issue {number}", "Do it.") for number in issues)
    commits = ("Take the rate from one place\n\nMore words.", "Take the rate from one place", "Drop old code")
    change = Change(
        "b" * 40, "a" * 40, files, title="Rates", body=f"key: {SECRET}", commits=commits, linked=linked
    )
    return DescribeRequest(change, Snapshot({PRICES: TEXT, RATES: TAX, PAGE: "b\n"}, complete=True))


def saying(**said: Any) -> AnsweringModels:
    return AnsweringModels(lambda _: {"bullets": ["Rates stand in one place."], **said})


async def told(models: Any, asked: DescribeRequest) -> Description:
    return await describe(asked, models, boundary="B0UND", limits=DescribeLimits())


async def test_without_a_model_the_code_and_the_commits_tell_it() -> None:
    got = await told(None, request(7))
    assert got.bullets == ("Take the rate from one place", "Drop old code")
    assert (got.unasked, got.model, got.calls) == (NO_MODEL, "", ())
    assert [(group.name, [one.file.path for one in group.files]) for group in got.groups] == [
        ("Code", [PRICES, RATES, GONE]),
        ("Documentation", [PAGE]),
    ]
    assert got.diagram == Diagram((Node(PRICES), Node(RATES)), ((0, 1),), left_out=1)
    assert [(one.number, one.met) for one in got.issues] == [(7, Met.UNKNOWN)]


async def test_a_models_words_count_where_they_speak_of_the_change() -> None:
    files = [{"path": PRICES, "what": "Divides by the  rate"}, {"path": "made/up.py", "what": "Nothing"}]
    models = saying(
        kinds=["Bug Fix", "wonder"], bullets=[f"{n}. thing" for n in range(9)] + [""], files=files
    )
    got = await told(models, request())
    assert (got.kinds, len(got.bullets)) == ((Kind.FIX,), 6)
    said = {one.file.path: one.what for group in got.groups for one in group.files}
    assert said == {PRICES: "Divides by the rate", RATES: "", GONE: "", PAGE: ""}
    [task] = models.tasks
    assert SECRET not in f"{task.system}{task.prefix}{task.prompt}"
    assert all(path in task.prefix for path in (PRICES, RATES, GONE, PAGE))


@pytest.mark.parametrize(
    ("said", "met", "line"),
    [
        ({"state": "met", "path": PRICES, "quote": "return gross / rate()"}, Met.MET, 5),
        ({"state": "In Part", "path": RATES, "quote": "def rate():\n    return 1.19"}, Met.PART, 2),
        ({"state": "met", "path": GONE, "quote": "OLD = 'gone'"}, Met.MET, None),
        ({"state": "met", "path": PRICES, "quote": "return gross / 7"}, Met.NOT_SHOWN, None),
        ({"state": "met", "path": PRICES, "quote": "from shop.tax import rate"}, Met.NOT_SHOWN, None),
        ({"state": "met", "path": PRICES, "quote": "pass"}, Met.NOT_SHOWN, None),
        ({"state": "met"}, Met.NOT_SHOWN, None),
        ({"state": "met", "path": "../etc/passwd", "quote": "root"}, Met.NOT_SHOWN, None),
        ({"state": "not shown", "why": "Nothing of it."}, Met.NOT_SHOWN, None),
        ({"state": "certainly!"}, Met.UNKNOWN, None),
        ({"state": "met", "number": 8, "path": PRICES, "quote": "return gross / rate()"}, Met.UNKNOWN, None),
    ],
)
async def test_an_issue_is_met_only_by_changed_code(said: dict[str, Any], met: Met, line: int | None) -> None:
    got = await told(saying(issues=[{"number": 7, **said}]), request(7))
    [check] = got.issues
    assert (check.number, check.met, check.line) == (7, met, line)


@pytest.mark.parametrize(
    ("said", "quality"),
    [
        ({}, None),
        ({"files": [{"path": PRICES, "what": "Divides"}, {"path": "made/up.py", "what": "x"}]}, 0.5),
        ({"bullets": ["Moves `prices.py` on; see #7 and `word`, and/or 1/2."]}, 1.0),
        ({"bullets": ["Closes #8.", "As in `shop/nowhere.py`."]}, 0.0),
        ({"issues": [{"number": 7, "state": "not shown"}]}, 1.0),
        ({"issues": [{"number": 7, "state": "met"}, {"number": 9, "state": "not shown"}]}, 0.0),
    ],
)
async def test_what_can_be_looked_up_of_it_is_its_quality(
    said: dict[str, Any], quality: float | None
) -> None:
    models = saying(**said)
    got = await told(models, request(7))
    assert (got.quality, got.validated) == (quality, None if quality is None else quality == 1.0)
    assert models.observed == [("model-a", "describe", 1.0 if quality is None else quality)]


def test_a_diagram_is_in_order_when_each_line_has_two_boxes() -> None:
    one, two = Node("a.py"), Node("b.py")
    assert in_order(None)
    assert in_order(Diagram((one, two), ((0, 1),)))
    assert not in_order(Diagram((one, two), ((0, 2),)))
    assert not in_order(Diagram((one, one), ((0, 1),)))


@pytest.mark.parametrize("error", [ModelError("timeout", "It took too long."), BudgetAwayError("unknown")])
async def test_who_gets_no_answer_describes_all_the_same(error: Exception) -> None:
    def fail(_: object) -> Any:
        raise error

    got = await told(AnsweringModels(fail), request())
    assert (got.model, got.bullets[0]) == ("", "Take the rate from one place")
    assert str(error) in got.unasked


async def test_a_small_window_gets_no_question() -> None:
    models = saying()
    models.window = 2_000
    got = await told(models, request())
    assert (models.tasks, got.files) == ([], 4)


@pytest.mark.parametrize(
    ("title", "paths", "kind"),
    [
        ("feat(api)!: add it", ["a.py"], Kind.FEATURE),
        ("Fix: it", ["a.py"], Kind.FIX),
        ("Note to self: no", ["a.py", "b.md"], Kind.OTHER),
        ("words", ["a.md", "b.rst"], Kind.DOCUMENTATION),
        ("words", ["tests/test_a.py"], Kind.TESTS),
        ("words", ["package.json", "package-lock.json"], Kind.DEPENDENCIES),
        ("words", [".github/dependabot.yml", "setup.ini"], Kind.CONFIGURATION),
        ("words", [], Kind.OTHER),
    ],
)
def test_kinds_by_title_and_paths(title: str, paths: list[str], kind: Kind) -> None:
    files = tuple(ChangedFile(path, FileStatus.MODIFIED) for path in paths)
    assert kinds_of(Change("b", "a", files, title=title)) == (kind,)


def test_a_wide_change_is_drawn_by_folders() -> None:
    names = [f"pkg{n % 20}/mod{n}.py" for n in range(40)]
    texts = {name: f"import pkg{(n + 1) % 20}.mod{(n + 1) % 40}\n" for n, name in enumerate(names)}
    files = [ChangedFile(name, FileStatus.ADDED) for name in names]
    drawn = diagram_of(files, Snapshot(texts, complete=True))
    assert drawn is not None
    assert len(drawn.nodes) == NODES_MAX
    assert sum(node.files for node in drawn.nodes) == 40
    assert all(one != other for one, other in drawn.edges)
    assert diagram_of(files[:1], Snapshot(texts, complete=True)) is None


def test_every_file_has_one_nature() -> None:
    asked = request()
    renamed = replace(asked.change.files[0], path="Makefile")
    assert nature(renamed) == "Other files"
