"""What the docs job reads of a branch: chosen modules, pages as the next commit finds them, no more than fits."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial

import pytest

from config.loader import load
from tests.workers.experts.answering import AnsweringModels
from workers.analysis.house.jailed import patterns
from workers.analysis.sandbox import ReducedSandbox
from workers.analysis.source import SourceFile
from workers.analysis.structure.model import Module
from workers.analysis.structure.read import read
from workers.domain.change import Snapshot
from workers.domain.delivery_paths import FILES_MAX
from workers.jobs.documenting import Told, Wanted, folder_of, read_sources, write_pages
from workers.pipelines.docs import Documented

CODE = "def area(side: float) -> float:\n    return side\n"
TREE = dict.fromkeys(
    ("box.py", "src/lid.py", "src/deep/nail.go.py", "tests/test_box.py", "vendor/x.py"), CODE
)


async def structure(files: Sequence[SourceFile]) -> tuple[Module, ...]:
    """Without a sandbox: these files are ours."""
    return tuple(read(one.path, one.text, str(one.language)) for one in files)


async def told(
    files: Mapping[str, str],
    *paths: str,
    rules: str = "{}",
    pages: Mapping[str, str] | None = None,
    urgent: bool = False,
) -> Told:
    config = load(rules, "here")
    wanted = Wanted(config, "", 1_000_000, paths, urgent)
    return await read_sources(Snapshot(files, complete=True), pages or {}, wanted, structure)


def chosen(found: Told) -> list[str]:
    return [one.module.path for one in found.request.sources]


@pytest.mark.parametrize(
    ("paths", "rules", "modules"),
    [
        ((), "{}", ["box.py", "src/deep/nail.go.py", "src/lid.py"]),
        (("box.py",), "{}", ["box.py"]),
        (("./src/",), "{}", ["src/deep/nail.go.py", "src/lid.py"]),
        (("src/*.py", "box.py"), "{}", ["box.py", "src/lid.py"]),
        ((".",), "{write: {docs: {paths: ['src/**']}}}", ["src/deep/nail.go.py", "src/lid.py"]),
        (("box.py",), "{write: {docs: {paths: ['src/**']}}}", []),
        ((), "{ignore: {paths: ['src/**']}}", ["box.py"]),
    ],
)
async def test_modules_are_chosen_by_the_rules_and_by_whoever_asks(
    paths: tuple[str, ...], rules: str, modules: list[str]
) -> None:
    assert chosen(await told(TREE, *paths, rules=rules)) == modules


async def test_names_of_nothing_are_said() -> None:
    found = await told(TREE, "box.py", "bux.py")
    assert found.notices == ("Nothing that can be documented is called `bux.py`.",)


async def test_what_is_up_to_date_is_not_written_again_and_no_more_than_fits() -> None:
    many = {f"m{number:03}.py": CODE for number in range(FILES_MAX + 3)}
    first = await told(many)
    assert (len(chosen(first)), first.rest) == (FILES_MAX, 3)
    standing = {page.path: page.text for page in first.standing.pages if page.source in chosen(first)}
    second = await told(many, pages=standing)
    assert (len(chosen(second)), second.rest) == (3, 0)


async def test_pages_that_no_model_has_written_come_after_those_behind_the_code_where_somebody_asks() -> None:
    many = {f"m{number:03}.py": CODE for number in range(FILES_MAX + 3)}
    bare = {page.path: page.text for page in (await told(many)).standing.pages[3:]}
    pushed, asked = await told(many, pages=bare), await told(many, pages=bare, urgent=True)
    assert (len(chosen(pushed)), pushed.rest, pushed.unsaid) == (3, 0, 0)
    assert (len(chosen(asked)), asked.rest, asked.unsaid) == (FILES_MAX, 0, 3)
    assert chosen(asked)[:3] == chosen(pushed)


async def test_a_page_that_may_not_stand_is_said_and_costs_nothing() -> None:
    found = await told({".github/x.py": CODE, "node_modules2/.env.d/y.py": CODE})
    assert chosen(found) == []
    assert any("y.py" in one for one in found.notices)


@pytest.mark.parametrize(
    ("folder", "cleaned"), [("docs", "docs"), ("./docs/", "docs"), (".", ""), ("/", ""), ("a/../b", "a/../b")]
)
def test_folders_are_written_one_way(folder: str, cleaned: str) -> None:
    assert folder_of(load(f"{{write: {{docs: {{folder: {folder!r}}}}}}}", "here")) == cleaned


async def test_what_there_is_no_time_for_waits() -> None:
    """A few modules are begun together; what is begun is ended."""
    found = await told({f"m{number:03}.py": CODE for number in range(25)})
    ticks = iter([0.0, 20.0])
    heard: list[int] = []
    models = AnsweringModels(lambda _: {"pages": [], "overview": "It is.", "sections": [], "score": 1.0})
    rest, made = await write_pages(
        found,
        models,
        patterns=partial(patterns, sandbox=ReducedSandbox(sys.executable)),
        new_boundary=lambda: "b0undary",
        now=lambda: next(ticks),
        until=10.0,
        told_of=lambda _, done: heard.append(done),
    )
    assert (len(made.pages), rest.rest, heard) == (20, 5, [0, 10, 20])
    assert isinstance(made, Documented)
