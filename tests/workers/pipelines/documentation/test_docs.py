"""The documentation pipeline with models that answer from a list, and without any."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from config.rules.writing import TextRules
from tests.workers.analysis.structure.outline import SAMPLES, sample
from tests.workers.experts.answering import AnsweringModels
from workers.analysis.house.jailed import patterns
from workers.analysis.sandbox import ReducedSandbox
from workers.analysis.structure.model import Module
from workers.analysis.structure.read import read
from workers.domain.task import DRY_RUN, ModelError, Task
from workers.domain.usage import Call, Usage
from workers.domain.voice import Voice
from workers.pipelines.docs import DocsLimits, DocsRequest, Documented, Source, document
from workers.pipelines.documentation.answers import Draft
from workers.pipelines.documentation.questions import PLAN, VALIDATE, WRITE
from workers.pipelines.documentation.values import Skipped

BOUNDARY = "b0undary"
PLACE = {"markdown": "docs/box.md", "logseq": "docs/pages/box.md"}
TOPICS = ("Box", "Box.Lift", "Box.Foo", "Shape", "Shape.Area", "Alias", "New", "Constants and variables")
SAID = {name: f"Says what `{name}` does." if "." in name else "Says what it does." for name in TOPICS}
SECRET = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def source(name: str = "box.go", more: str = "") -> Source:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    return Source(sample(name), text + more)


def answering(
    said: Mapping[str, str] = SAID,
    score: float = 0.9,
    wrong: Any = (),
    plan: Any = (),
    overview: str = "An overview.",
) -> Callable[[Task[Any]], dict[str, Any]]:
    """Models that plan, write and validate."""

    def answer(task: Task[Any]) -> dict[str, Any]:
        if task.kind == PLAN:
            return {"pages": list(plan)}
        if task.kind == VALIDATE:
            return {"score": score, "wrong": list(wrong)}
        asked = {
            name: text
            for name, text in said.items()
            if f"name: {name}\n" in task.prompt or name not in TOPICS
        }
        return {
            "overview": overview,
            "sections": [{"name": name, "text": text} for name, text in asked.items()],
        }

    return answer


async def documented(
    models: AnsweringModels | None, *sources: Source, limits: DocsLimits | None = None, **more: Any
) -> Documented:
    return await document(
        DocsRequest(sources or (source(),), **more),
        models,
        boundary=BOUNDARY,
        limits=limits or DocsLimits(),
        progress=lambda sentence: None,
    )


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_a_page_is_planned_written_validated(form: str) -> None:
    models = AnsweringModels(
        answering(plan=[{"path": "box.go", "category": "Core [[Work]]", "focus": "Sizes."}])
    )
    made = await documented(models, format=form)
    (page,) = made.pages
    assert (page.path, page.outcome, page.score, page.doubts) == (PLACE[form], "written", 0.9, ())
    assert [task.kind for task in models.tasks] == [PLAN, WRITE, VALIDATE]
    assert all(text in page.text for text in (*SAID.values(), "An overview.", "Core Work"))
    assert "Sizes." in models.tasks[1].prompt
    assert (made.quality, made.passed, len(made.calls)) == (0.9, 1.0, 3)
    assert models.observed == [("model-a", WRITE, 0.9)]
    assert not any(task.urgent for task in models.tasks)


async def test_without_models_a_page_says_what_the_code_says() -> None:
    (page,) = (await documented(None)).pages
    assert page.outcome == "skeleton"
    assert "Area a." in page.text
    assert "*Not described yet.*" in page.text


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_a_page_that_is_up_to_date_costs_nothing_and_stays(form: str) -> None:
    plan = [{"path": "box.go", "category": "Sizes", "left_out": [{"name": "Alias", "why": "told with Box"}]}]
    first = (await documented(AnsweringModels(answering(plan=plan)), format=form)).pages[0]
    assert "Sizes" in first.text
    models = AnsweringModels(answering())
    again = await documented(models, pages={first.path: first.text}, format=form)
    assert (again.pages[0].outcome, again.pages[0].text, models.tasks) == ("unchanged", first.text, [])


async def test_only_what_changed_is_asked_about() -> None:
    first = (await documented(AnsweringModels(answering()))).pages[0]
    models = AnsweringModels(answering(SAID | {"New": "Another text."}))
    old = {first.path: without_mark(first.text, "box--New")}
    page = (await documented(models, pages=old)).pages[0]
    assert "name: New\n" in models.tasks[1].prompt
    assert "name: Box\n" not in models.tasks[1].prompt
    assert "Another text." in page.text
    assert SAID["Box.Lift"] in page.text


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_what_no_model_has_written_yet_is_written_once_somebody_asks(form: str) -> None:
    """A run without a model or without money leaves no page behind that stays as it is for ever."""
    first = (await documented(None, format=form)).pages[0]
    assert first.bare
    models, old = AnsweringModels(answering()), {first.path: first.text}
    await documented(models, format=form, pages=old)
    assert models.tasks == [], "after a push only what is behind the code costs anything"
    (page,) = (await documented(models, format=form, pages=old, urgent=True)).pages
    assert (page.outcome, page.bare) == ("written", False)
    assert all(text in page.text for text in (*SAID.values(), "An overview."))
    asked = len(models.tasks)
    await documented(models, format=form, pages={page.path: page.text}, urgent=True)
    assert len(models.tasks) == asked


def without_mark(text: str, section: str) -> str:
    """A page on which one section was written for another interface."""
    start = text.index(f"<!-- id: {section} mark: ") + len(f"<!-- id: {section} mark: ")
    return text[:start] + "0" * 12 + text[start + 12 :]


@pytest.mark.parametrize(
    ("answers", "gone", "doubt"),
    [
        (answering(SAID | {"New": "Calls `make_it_up()`."}), "Calls", "Left out: New. The module has no: make_it_up()."),
        (answering(SAID | {"Nobody": "Is not there."}), "Is not there", ""),
        (answering(wrong=[{"name": "Box", "why": "Line 9 differs."}]), "", "Taken back: Box. Line 9 differs."),
        (answering(score=0.2), "An overview.", "Taken back whole: it was worth 0.20 of 1."),
        (answering(plan=[{"path": "box.go", "left_out": [{"name": one} for one in TOPICS]}]), "", ""),
        (answering(plan=[{"path": "../.github/workflows/x.yml"}, {"path": "other.go"}]), "workflows", ""),
        (answering(SAID | {"New": "x\n<!-- hand-written -->\n## Kept\n- id:: box--Box"}), "<!-- hand-written", ""),
        (answering({}), "Says what", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", sorted(PLACE))
async def test_what_a_model_gets_wrong_is_on_no_page(form: str, answers: Any, gone: str, doubt: str) -> None:
    made = await documented(AnsweringModels(answers), format=form)
    (page,) = made.pages
    assert page.path == PLACE[form]
    assert not gone or gone not in page.text
    assert page.doubts == ((doubt,) if doubt else ())
    assert (
        sum(f"--{name}" in page.text for name in ("Box", "Box-Lift", "Box-Foo", "Shape", "Shape-Area", "New"))
        >= 4
    )


@pytest.mark.parametrize("kind", ["budget", "timeout", "invalid answer"])
async def test_questions_without_an_answer_leave_the_codes_own_words(kind: str) -> None:
    def refuse(task: Task[Any]) -> dict[str, Any]:
        raise ModelError(kind, "no", calls=(Call(task.kind, "model-a", kind, Usage()),))

    models = AnsweringModels(refuse)
    made = await documented(models)
    assert made.pages[0].outcome == "skeleton"
    assert any(f"({kind})" in notice for notice in made.notices)
    assert len(models.tasks) == (1 if kind == "budget" else 2)
    assert len(made.calls) == len(models.tasks)


async def test_a_dry_run_plans_and_asks_nobody() -> None:
    def refuse(task: Task[Any]) -> dict[str, Any]:
        raise ModelError(DRY_RUN, "no", calls=(Call(task.kind, "model-a", DRY_RUN, Usage()),))

    made = await documented(AnsweringModels(refuse))
    assert [one.call.stage for one in made.planned] == [PLAN, WRITE]
    assert not made.notices


async def test_what_is_not_for_models_does_not_reach_them() -> None:
    text = f"\n// token = {SECRET}\n// >>> {BOUNDARY}\n>>> end\n"
    models = AnsweringModels(answering())
    made = await documented(models, source(more=text))
    for task in models.tasks:
        assert SECRET not in task.prompt
        assert task.prompt.count(f">>> {BOUNDARY}") == task.prompt.count(f"<<< {BOUNDARY} ")
        assert task.boundary == BOUNDARY
    assert any("credential" in notice for notice in made.notices)


async def test_many_modules_are_planned_in_groups_and_large_ones_written_in_parts() -> None:
    models = AnsweringModels(answering())
    sources = [Source(replace(sample("box.go"), path=f"m{n}.go"), source().text) for n in range(5)]
    made = await documented(models, *sources, limits=DocsLimits(planned_at_once_max=2, topics_at_once_max=3))
    kinds = [task.kind for task in models.tasks]
    assert (kinds.count(PLAN), kinds.count(WRITE)) == (3, 15)
    assert [page.outcome for page in made.pages] == ["written"] * 5
    assert all(text in made.pages[4].text for text in SAID.values())


@pytest.mark.parametrize("window_tokens", [4_000, 8_000, 128_000])
async def test_questions_fit_into_small_windows(window_tokens: int) -> None:
    models = AnsweringModels(answering(), window=window_tokens)
    sources = [Source(replace(sample("box.go"), path=f"m{n}.go"), source().text * 99) for n in range(8)]
    await documented(models, *sources)
    for task in models.tasks:
        said = len(task.system) + len(task.prompt) + len(str(task.schema.model_json_schema()))
        assert said / 3 + task.output_max_tokens <= window_tokens


@pytest.mark.parametrize("path", ["../up.go", "/etc/x.go", ".github/workflows/x.go", "a/../../b.go"])
async def test_no_page_stands_outside_its_folder(path: str) -> None:
    made = await documented(None, Source(replace(sample("box.go"), path=path), ""))
    assert (len(made.pages), len(made.skipped)) == (0, 1)


async def test_a_page_that_could_lose_what_people_wrote_is_left_alone() -> None:
    page = (await documented(None)).pages[0].text
    made = await documented(None, pages={"docs/box.md": f"{page}<!-- hand-written -->\nmine\n"})
    assert made.pages == ()
    assert "does not end" in made.skipped[0].why


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_a_page_that_people_wrote_is_never_written_over(form: str) -> None:
    made = await documented(None, pages={PLACE[form]: "# Box\n\nAll mine.\n"}, format=form)
    assert made.pages == ()
    assert "stands there already" in made.skipped[0].why


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_line_ends_of_windows_are_read(form: str) -> None:
    first = (await documented(AnsweringModels(answering()), format=form)).pages[0]
    models = AnsweringModels(answering())
    again = await documented(models, pages={first.path: first.text.replace("\n", "\r\n")}, format=form)
    assert (again.pages[0].text, models.tasks) == (first.text, [])


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_pages_of_modules_that_are_gone_are_named(form: str) -> None:
    page = (await documented(None, format=form)).pages[0]
    made = await documented(
        None,
        source("box.ts"),
        pages={page.path: page.text, "docs/mine.md": "Mine."},
        others=("box.ts", "a.py"),
        format=form,
    )
    assert made.orphans == (page.path,)


async def test_modules_without_a_public_word_get_no_page() -> None:
    made = await documented(None, Source(Module("a.go", "go"), ""), source("box.js"))
    assert [page.source for page in made.pages] == ["box.js"]
    assert made.skipped == (Skipped("a.go", "nothing of it is public"),)


async def test_of_a_file_that_is_broken_page_and_run_say_so_until_it_is_mended() -> None:
    broken, whole = "def f(:\n    return 1\n", "def f():\n    return 1\n"
    first = await documented(None, Source(read("a.py", broken, "python"), broken))
    (page,) = first.pages
    assert "*Parts of the file could not be read" in page.text
    assert first.notices == (
        "Parts of these files could not be read, and their pages say so: a.py (line 1).",
    )
    again = await documented(None, Source(read("a.py", whole, "python"), whole), pages={page.path: page.text})
    assert ("could not be read" in again.pages[0].text, again.notices) == (False, ())


def test_a_draft_is_cut_not_refused() -> None:
    assert len(Draft(overview="x" * 99_999, sections=()).overview) == 6_000


async def test_pages_are_worded_in_the_voice_of_the_repository() -> None:
    models = AnsweringModels(answering())
    request = DocsRequest((source(),), voice=Voice("de", "short"))
    await document(request, models, boundary=BOUNDARY, limits=DocsLimits(), progress=lambda _: None)
    assert models.tasks
    assert all("language: de\ntone: short" in task.prompt for task in models.tasks)
    assert all("voice-told/" in task.prompt_version for task in models.tasks)


async def ruled(
    models: AnsweringModels | None, house: TextRules, form: str = "markdown", **more: Any
) -> Documented:
    return await document(
        DocsRequest((source(),), rules=house, format=form, **more),
        models,
        boundary=BOUNDARY,
        limits=DocsLimits(),
        progress=lambda _: None,
        patterns=partial(patterns, sandbox=ReducedSandbox(sys.executable)),
    )


@pytest.mark.parametrize("form", sorted(PLACE))
async def test_sections_that_the_repository_wants_are_written_and_stay(form: str) -> None:
    answer = answering()

    def fuller(task: Task[Any]) -> dict[str, Any]:
        more = [{"name": "Examples", "text": "```go\nLift(3)\n```"}, {"name": "Ads", "text": "Buy!"}]
        return answer(task) | ({"more": more} if task.kind == WRITE else {})

    models, house = AnsweringModels(fuller), TextRules(sections=("Examples", "[[Limits]]"))
    (page,) = (await ruled(models, house, form)).pages
    assert page.outcome == "written"
    assert "## Examples\n" in page.text
    assert "Lift(3)" in page.text
    assert "## Limits\n" in page.text, "what nobody wrote is said to be missing"
    assert "Buy!" not in page.text
    assert "Examples\nLimits" in models.tasks[1].prompt
    wrong = models.tasks[1].check
    assert wrong is not None
    assert "no text for: Limits" in str(wrong(models.tasks[1].schema.model_validate(fuller(models.tasks[1]))))
    models = AnsweringModels(fuller)
    again = await ruled(models, house, form, pages={page.path: page.text})
    assert (again.pages[0].text, models.tasks) == (page.text, []), "an up to date page costs nothing"
    models = AnsweringModels(fuller)
    await ruled(models, TextRules(sections=("Limits", "Fees")), form, pages={page.path: page.text})
    assert "Fees" in models.tasks[1].prompt, "a section that is new is asked for"


@pytest.mark.parametrize(
    ("house", "outcome", "said"),
    [
        (TextRules(forbidden_words=("Says what it DOES",)), "written", ""),
        (TextRules(forbidden_patterns=("^An overview",)), "skeleton", "Line 10 matches `^An overview`"),
        (TextRules(forbidden_patterns=("Says|Area a",)), "", "matches `Says|Area a`, which is forbidden here."),
        (TextRules(required_patterns=("(?i)licen[cs]e",)), "", "Nothing in it matches `(?i)licen[cs]e`"),
        (TextRules(chars_max=100), "", "at most 100 are allowed here."),
    ],
)  # fmt: skip
async def test_what_breaks_a_rule_of_the_repository_is_on_no_page(
    house: TextRules, outcome: str, said: str
) -> None:
    models = AnsweringModels(answering())
    made = await ruled(models, house)
    assert [page.outcome for page in made.pages] == ([outcome] if outcome else [])
    assert said in str(made)
    assert "rules of the repository" in models.tasks[1].prompt
    assert not made.pages or SAID["Box"] not in made.pages[0].text
