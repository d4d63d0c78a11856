"""What `make chaos` makes of what its parts say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.asked import Asked
from tests.chaos.parts import Ended, Part
from tests.chaos.quiet import ticks, told_of
from tests.chaos.rows import Row, Verdict, told
from tests.chaos.sections import fairness, tests
from tests.chaos.sections.registry import PHASES, chosen, names
from tests.chaos.table import BROKEN_MAX, table

KEPT = Row("one summary each", Verdict.HOLDS, "500 of 500")
BROKEN = Row("no check is left open", Verdict.BROKEN, "499 of 500", "logs: chaos-sqlite-1.log")
SKIPPED = Row("a host is cut off", Verdict.SKIPPED, "", "there is no `ip`")


def test_what_did_not_hold_stands_last_with_its_part_how_often_and_where_the_logs_are() -> None:
    said = table([Ended("storm, sqlite", [BROKEN, KEPT], 61.0), Ended("hosts", [SKIPPED], 1.0)], 62.0)
    assert said.splitlines()[-3:] == [
        "1 BROKEN, 1 holds, 1 skipped; 1:02 in all",
        "NOT AS PROMISED (1):",
        "  storm, sqlite: no check is left open: 499 of 500 logs: chaos-sqlite-1.log",
    ]


def test_the_end_of_the_table_is_short_however_much_broke() -> None:
    lines = table([Ended("storm", [BROKEN] * 40, 1.0)], 1.0).splitlines()
    assert len(lines) - lines.index("NOT AS PROMISED (40):") == BROKEN_MAX + 2


@pytest.mark.parametrize(
    ("words", "limit_s", "verdict", "note"),
    [
        (f"print('working'); print({told([KEPT])!r})", 10, Verdict.HOLDS, ""),
        ("print('oh'); raise SystemExit(3)", 10, Verdict.BROKEN, "it ended with 3: oh"),
        ("import time; print('working', flush=True); time.sleep(60)", 0.3, Verdict.BROKEN, "not in 0 s"),
    ],
    ids=["tells its rows", "ends without", "hangs"],
)
async def test_a_part_is_judged_also_when_it_breaks_or_hangs(
    words: str, limit_s: float, verdict: Verdict, note: str
) -> None:
    (row,) = (await Part("one", ["-c", words], limit_s).run()).rows
    assert (row.verdict, row.note[: len(note)]) == (verdict, note)


REPORT = """<testsuites><testsuite>
<testcase classname="tests.a.test_keys" name="test_one" />
<testcase classname="tests.a.test_keys.TestMore" name="test_two"><skipped>no docker</skipped></testcase>
<testcase classname="tests.a.test_lease" name="test_three[x]"><failure>oh</failure></testcase>
<testcase classname="tests.a.test_lease" name="test_four" />
<testcase classname="tests.a.test_jail" name="test_five"><skipped /></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("tests/a/test_keys.py", Row("it", Verdict.HOLDS, "1 passed, 1 skipped")),
        ("tests/a/test_lease.py", Row("it", Verdict.BROKEN, "1 failed, 1 passed", "test_three[x]")),
        ("tests/a/test_jail.py", Row("it", Verdict.SKIPPED, "1 skipped")),
        ("tests/a/test_gone.py", Row("it", Verdict.BROKEN, "no test ran")),
    ],
)
def test_tests_hold_when_they_pass_and_show_nothing_when_all_are_skipped(
    tmp_path: Path, path: str, row: Row
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert tests.rows([tests.Shown("it", (path,))], report, 1, []) == [row]


def test_tests_that_told_nothing_are_broken(tmp_path: Path) -> None:
    (row,) = tests.rows([tests.Shown("it", ("a.py",))], tmp_path / "none.xml", 4, ["no such file"])
    assert (row.verdict, row.note) == (Verdict.BROKEN, "pytest ended with 4: no such file")


def test_a_benchmark_is_held_to_the_goals_that_it_has() -> None:
    said = '{"results": [{"name": "a", "value": 3, "unit": "s", "goal": "<= 2", "holds": false},'
    rows = fairness.rows(0, [said + '{"name": "b", "value": 3, "unit": "s", "goal": "", "holds": null}]}'])
    assert rows == [Row("a <= 2 s", Verdict.BROKEN, "3")]


@pytest.mark.parametrize(("share", "verdict"), [(0.1, Verdict.BROKEN), (0.5, Verdict.UNJUDGED)])
def test_on_a_machine_that_is_busy_with_others_what_holds_counts_and_what_does_not_is_no_verdict(
    share: float, verdict: Verdict
) -> None:
    assert [row.verdict for row in told_of([KEPT, BROKEN], share)] == [Verdict.HOLDS, verdict]


def test_waiting_for_the_disk_is_no_work() -> None:
    assert ticks("cpu  10 1 5 70 4 2 3 5 0 0\ncpu0 1 1 1\n") == (100, 26)


@pytest.mark.parametrize(
    ("only", "short", "sections"),
    [
        ((), True, [["storm"]]),
        (("load", "hosts", "storm"), False, [["storm", "hosts"], ["load"]]),
        (("load",), True, [["load"]]),
    ],
)
def test_sections_can_be_picked(only: Sequence[str], short: bool, sections: list[list[str]]) -> None:
    assert [[one.name for one in phase] for phase in chosen(only, short=short)] == sections


def test_what_judges_time_runs_alone() -> None:
    assert all(len(phase) == 1 for phase in PHASES if any(section.timed for section in phase))
    assert len(set(names())) == len(names())


def test_every_part_has_an_end() -> None:
    parts = [part for phase in PHASES for section in phase for part in section.parts(Asked())]
    assert all(0 < part.limit_s <= 1_000 for part in parts)


def test_storms_and_load_go_on_for_as_long_as_is_asked() -> None:
    parts = [part for phase in PHASES for section in phase for part in section.parts(Asked(minutes=90))]
    lasting = [part for part in parts if "--minutes" in part.words]
    assert {part.name.partition(",")[0] for part in lasting} == {"storm", "load"}
    assert all(part.words[part.words.index("--minutes") + 1] == "90" for part in lasting)
    assert all(part.limit_s > 90 * 60 for part in lasting)
