"""What the tests job reads: modules that are wanted, and the branch that their tests go into."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.loader import load
from tests.workers.jobs.desk import Desk
from workers.domain.change import ChangedFile, FileStatus, Hunk, Snapshot
from workers.domain.errors import UserError
from workers.jobs.tests_reading import MODULES_MAX, TestsRead, Wanted, chosen, every, read_ground

CODE = "def area(side):\n    return side\n"
TREE = dict.fromkeys(
    ("box.py", "src/lid.ts", "src/deep/nail.py", "tests/test_box.py", "vendor/x.py", "a.md"), CODE
)


def read(*named: str, rules: str = "{}", tree: dict[str, str] = TREE) -> TestsRead:
    snapshot = Snapshot(tree, complete=True)
    return chosen(every(snapshot), snapshot, Wanted(load(rules, "here"), 1_000_000, named))


@pytest.mark.parametrize(
    ("named", "rules", "modules"),
    [
        ((), "{}", ["box.py", "src/deep/nail.py", "src/lid.ts"]),
        (("box.py",), "{}", ["box.py"]),
        (("./src/", "nowhere"), "{}", ["src/deep/nail.py", "src/lid.ts"]),
        (("src/*.ts",), "{}", ["src/lid.ts"]),
        ((".",), "{write: {tests: {paths: ['src/**']}}}", ["src/deep/nail.py", "src/lid.ts"]),
        (("box.py",), "{write: {tests: {paths: ['src/**']}}}", []),
        ((), "{ignore: {paths: ['src/**']}}", ["box.py"]),
    ],
)
def test_modules_are_chosen_by_the_rules_and_by_whoever_asks(
    named: tuple[str, ...], rules: str, modules: list[str]
) -> None:
    found = read(*named, rules=rules)
    assert [one.path for one in found.request.sources] == modules
    assert [one for one in found.notices if "called" in one] == [
        f"Nothing that tests are written for is called `{one}`." for one in named if one == "nowhere"
    ]


def test_of_a_change_its_added_lines_count_and_of_anything_else_all() -> None:
    hunk = Hunk(1, 1, 1, 2, (" def area(side):", "+    return side"))
    changed = ChangedFile("box.py", FileStatus.MODIFIED, (hunk,), text=CODE)
    found = chosen((changed,), Snapshot(TREE, complete=True), Wanted(load("{}", "here"), 1_000_000))
    assert [one.touched for one in found.request.sources] == [{2}]
    assert read("box.py").request.sources[0].touched == {1, 2, 3}


def test_what_is_beyond_the_limits_is_said() -> None:
    found = read(tree={f"m{number}.py": CODE for number in range(MODULES_MAX + 2)})
    assert len(found.request.sources) == MODULES_MAX
    assert found.notices == (f"2 more modules were not looked at: at most {MODULES_MAX} are in one run.",)


async def test_tests_go_where_what_they_test_is(desk: Desk) -> None:
    pull = await desk.octo.read_pull()
    ground = await read_ground(desk.octo.client, pull, ())
    assert (ground.ref, ground.sha, ground.stacked) == (pull.head_ref, pull.head_sha, True)
    for elsewhere in (replace(pull, head_repo_id=None), replace(pull, head_ref="gone")):
        with pytest.raises(UserError, match="not in this repository"):
            await read_ground(desk.octo.client, elsewhere, ())
        ground = await read_ground(desk.octo.client, elsewhere, ("box.py",))
        assert (ground.ref, ground.stacked) == (pull.base_ref, False)
        assert pull.base_ref in ground.word
