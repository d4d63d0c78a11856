"""What people do to a pull request that makes identities go wrong: each line of a table is a round after a round."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.workers.experts.rounds import OLD, after, earlier, fates, said
from workers.domain.adjudication import Converged, Earlier, Fate
from workers.domain.finding import Aspect, Finding, Severity

SHELL = "shell=True"
SAFE = OLD.replace("command, shell=True", "shlex.split(command)")
SHIFTED = "# the base's\n" * 12 + OLD
QUOTED = "    log(command)\n    subprocess.run(command, shell=True)"


def on(first: int, last: int, evidence: str, title: str = "The shell interprets the command") -> Finding:
    return replace(said("nothing", title=title), start_line=first, line=last, evidence=evidence)


def then(round_: Converged) -> tuple[Earlier, ...]:
    return tuple(Earlier(one.finding, one.now, one.reason) for one in round_.rulings)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([{"run.py": OLD}, {"lib/run.py": SHIFTED}, {"exec.py": OLD}], Fate.OPEN),  # renamed twice
        ([{"run.py": OLD}, {"run.py": SHIFTED}], Fate.OPEN),  # the base was merged
        ([{"run.py": OLD}, {"other.py": "x = 1\n"}], Fate.OUTDATED),  # deleted, or another base that has it
        (
            [{"run.py": OLD}, {"other.py": "x = 1\n"}, {"run.py": OLD}],
            Fate.OPEN,
        ),  # brought back, retargeted back
        ([{"run.py": OLD}, {"run.py": SAFE}], Fate.FIXED),
        (
            [{"run.py": OLD}, {"run.py": SAFE}, {"run.py": OLD}],
            Fate.OPEN,
        ),  # a revert, a push of an older head
        ([{"run.py": OLD}, {"run.py": SAFE}, {"run.py": SAFE}, {"run.py": SHIFTED}], Fate.OPEN),
        ([{"run.py": OLD}, {}, {}, {"run.py": OLD}], Fate.OPEN),  # closed, a draft, reopened
    ],
)
def test_it_keeps_its_name_and_is_never_said_anew(texts: list[dict[str, str]], expected: Fate) -> None:
    told = earlier(said(SHELL))
    for before, now in itertools.pairwise(texts):
        path = next((path for path, text in now.items() if SHELL in text), None)
        found = [said(SHELL, now[path], path, title="In other words")] if path else []
        round_ = after(told, now, found, before=before)
        assert not round_.fresh
        told = then(round_)
    assert [one.fate for one in told] == [expected]
    assert told[0].finding.fingerprint == earlier(said(SHELL))[0].finding.fingerprint


@pytest.mark.parametrize(
    ("now", "expected", "line"),
    [
        (
            OLD.replace("log(command)", "log(len(command))"),
            Fate.OPEN,
            6,
        ),  # the neighbour changed, the fault stands
        (OLD.replace("    log(command)\n", ""), Fate.OPEN, 5),
        (OLD.replace("subprocess.run(command, shell=True)", "subprocess.run([command])"), Fate.FIXED, 6),
        (
            OLD.replace("    log(command)\n", "").replace("shell=True", "\n        shell=True,\n    "),
            Fate.OPEN,
            7,
        ),
    ],
)
def test_of_a_quote_of_two_lines_the_one_decides_that_it_is_about(
    now: str, expected: Fate, line: int
) -> None:
    round_ = after(earlier(on(5, 6, QUOTED)), {"run.py": now})
    assert fates(round_) == [expected]
    assert round_.rulings[0].finding.line == line


def test_what_its_words_may_mean_as_well_does_not_fix_it_by_being_mended() -> None:
    told = replace(said("", title=TIMED, rule="model/timing"), start_line=2, line=3)
    told = replace(told, evidence="\n".join(HASHED.split("\n")[1:3]))
    now = HASHED.replace("md5", "sha256")
    round_ = after(earlier(told), {"run.py": now}, before={"run.py": HASHED})
    assert [(one.now, one.finding.line) for one in round_.rulings] == [(Fate.OPEN, 2)]


def test_a_passing_remark_on_one_of_its_lines_does_not_narrow_it() -> None:
    loop = "def add(items):\n    for index in range(len(items) + 1):\n        total = items[index]\n"
    told = replace(
        said("", title="The last index is one too far", rule="model/range", aspect=Aspect.QUALITY),
        start_line=2,
        line=3,
        evidence="\n".join(loop.split("\n")[1:3]),
    )
    nit = said("total =", loop, rule="model/style", title="This could be split", aspect=Aspect.QUALITY)
    nit = replace(nit, description="It would be nicer otherwise.")
    round_ = after(earlier(told), {"run.py": loop}, [nit], before={"run.py": loop})
    mended = loop.replace("(items) + 1", "(items)")
    assert fates(after(then(round_), {"run.py": mended}, before={"run.py": loop})) == [Fate.FIXED]


def test_in_doubt_it_is_not_fixed() -> None:
    told = earlier(on(5, 6, QUOTED, title="This goes wrong"))
    told = (replace(told[0], finding=replace(told[0].finding, rule="model/flaw", sources=())),)
    told = (
        replace(told[0], finding=replace(told[0].finding, sources=said(SHELL, rule="model/flaw").sources)),
    )
    assert fates(after(told, {"run.py": OLD.replace("log(command)", "note(command)")})) == [Fate.OPEN]


COPY = OLD.replace("    log(command)\n", "    subprocess.run(command, shell=True)\n    log(command)\n")


def test_a_copy_beside_what_stands_is_new_and_that_stays_where_it_is() -> None:
    found = [said(SHELL, COPY), said(SHELL, COPY, at=1)]
    round_ = after(earlier(said(SHELL)), {"run.py": COPY}, found)
    assert (fates(round_), len(round_.fresh)) == ([Fate.OPEN], 1)
    assert sorted(one.line or 0 for one in round_.findings) == [5, 7]


def test_a_copy_is_not_what_was_mended_in_its_place() -> None:
    now = SAFE + "\n\ndef late(command):\n    subprocess.run(command, shell=True)\n"
    round_ = after(earlier(said(SHELL)), {"run.py": now}, [said(SHELL, now)])
    assert (fates(round_), len(round_.fresh)) == ([Fate.FIXED], 1)


def test_of_two_places_the_one_with_its_surroundings_is_where_it_went() -> None:
    moved = (
        "def copy(command):\n    subprocess.run(command, shell=True)\n\n\n" + OLD.split("\n\n\n")[1] + "\n"
    )
    rest = OLD.replace("    log(command)\n    subprocess.run(command, shell=True)\n", "")
    round_ = after(earlier(said(SHELL)), {"run.py": rest, "moved.py": moved})
    (one,) = round_.findings
    assert (one.path, one.line) == ("moved.py", 7)


def test_what_moved_and_was_renamed_or_reworded_at_once_is_known() -> None:
    function = OLD.split("\n\n\n")[1] + "\n"
    rest = OLD.replace(function, "")
    for word, new in (("command", "line_of_it"), ("shell=True", "shell=True, check=True")):
        there = function.replace(word, new)
        round_ = after(
            earlier(said(SHELL)), {"run.py": rest, "part.py": there}, [said(SHELL, there, "part.py")]
        )
        assert (fates(round_), set(round_.fresh)) == ([Fate.OPEN], set())
        assert round_.findings[0].path == "part.py"


def test_one_answer_about_two_changed_findings_of_one_place_keeps_both() -> None:
    by_tool, by_model = said(SHELL, rule="ruff/S602"), on(5, 6, QUOTED)
    now = OLD.replace("shell=True", "shell=True, check=True")
    round_ = after(
        earlier(by_tool, by_model),
        {"run.py": now},
        [said(SHELL, now, rule="ruff/S602", title=by_model.title)],
    )
    assert fates(round_) == [Fate.OPEN, Fate.OPEN]


def test_one_on_no_line_follows_each_of_its_places() -> None:
    twice = "def one():\n    run(cmd, shell=True)\n\n\ndef two():\n    run(cmd, shell=True)\n"
    whole = replace(said(SHELL, twice), line=None)
    first, last = (
        twice.replace("run(cmd, shell=True)", "run([cmd])", 1),
        twice.replace("shell=True", "check=True"),
    )
    round_ = after(earlier(whole), {"run.py": first}, before={"run.py": twice})
    assert (fates(round_), round_.findings[0].line) == ([Fate.OPEN], 6)
    assert fates(after(earlier(whole), {"run.py": last}, before={"run.py": twice})) == [Fate.FIXED]


def test_two_tools_on_one_line_say_two_things() -> None:
    told = earlier(said(SHELL, rule="ruff/S602", aspect=Aspect.QUALITY, severity=Severity.HIGH))
    again = said(SHELL, rule="ruff/F821", aspect=Aspect.QUALITY, severity=Severity.HIGH)
    assert after(told, {"run.py": OLD}, [again]).fresh


HASHED = """\
def check(token, expected, secret):
    owner = token == expected
    digest = hashlib.md5(secret).hexdigest()
    return owner, digest
"""
TIMED = "Comparing the token with a secret leaks how much fits, please look"
HASH = "MD5 is broken, please look"


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_on_one_line_it_says_again_the_one_whose_words_it_shares(turned: bool) -> None:
    lines = HASHED.split("\n")
    timed = replace(
        said("", title=TIMED, rule="model/timing"), start_line=2, line=3, evidence="\n".join(lines[1:3])
    )
    hashed = said("md5", HASHED, title=HASH, rule="model/weak-hash")
    again = replace(
        said("", title=f"Collisions: {HASH}", rule="model/crypto"),
        start_line=3,
        line=4,
        evidence="\n".join(lines[2:4]),
    )
    told = earlier(hashed, timed) if turned else earlier(timed, hashed)
    round_ = after(told, {"run.py": HASHED}, [again], before={"run.py": HASHED})
    whys = {
        one.finding.title: (one.finding.start_line, one.finding.line, len(one.finding.sources))
        for one in round_.rulings
    }
    assert whys == {TIMED: (2, 3, 1), HASH: (None, 3, 2)}
