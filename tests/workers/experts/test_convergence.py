"""What a later round makes of an earlier one: the same, fixed, left, new, or not worth saying."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workers.experts.rounds import OLD, READ, after, earlier, fates, said
from workers.domain.adjudication import Fate, ReadFile
from workers.domain.finding import Severity

SHELL = "shell=True"
SAFE = OLD.replace("command, shell=True", "shlex.split(command)")
REWRITTEN = OLD.replace(
    "subprocess.run(command, shell=True)",
    "subprocess.run(\n        command,\n        shell=True,\n    )  # as asked",
)
RENAMED = OLD.replace("command", "line")
INDENTED = OLD.replace("    subprocess.run(", "    if command:\n        subprocess.run(")
MOVED = (
    OLD.replace("    subprocess.run(command, shell=True)\n", "")
    + "\n\ndef late(command):\n    subprocess.run(command, shell=True)\n"
)
SHIFTED = "\n".join(f"import module{number}" for number in range(30)) + "\n" + OLD


@pytest.mark.parametrize("rule", ["model/shell-injection", "ruff/S602"])
@pytest.mark.parametrize(
    "now", [OLD, SHIFTED, INDENTED, REWRITTEN, MOVED], ids=["", "shifted", "indented", "form", "moved"]
)
def test_it_is_said_once_wherever_its_code_goes(now: str, rule: str) -> None:
    told = earlier(said(SHELL, rule=rule))
    round_ = after(told, {"run.py": now}, [said(SHELL, now, rule=rule)])
    assert fates(round_) == [Fate.OPEN]
    assert not round_.fresh
    assert [one.fingerprint for one in round_.findings] == [told[0].finding.fingerprint]


@pytest.mark.parametrize("now", [SHIFTED, INDENTED, REWRITTEN, MOVED, RENAMED])
def test_a_model_that_is_silent_about_code_that_stands_fixes_nothing(now: str) -> None:
    round_ = after(earlier(said(SHELL)), {"run.py": now})
    assert fates(round_) == [Fate.OPEN]
    (finding,) = round_.findings
    assert finding.line is not None
    assert "shell=True" in finding.evidence


@pytest.mark.parametrize("rule", ["model/shell-injection", "ruff/S602"])
def test_changed_code_without_the_finding_is_fixed(rule: str) -> None:
    round_ = after(earlier(said(SHELL, rule=rule)), {"run.py": SAFE})
    assert fates(round_) == [Fate.FIXED]
    assert round_.findings == ()


@pytest.mark.parametrize("name", ["md5", "yaml.load", "verify=False", "a < b"])
def test_one_word_may_be_the_fix(name: str) -> None:
    old = f"def run(a, b):\n    x = check(hashlib.{name}, a)\n    return x\n"
    new = (
        old.replace("md5", "sha256")
        .replace("yaml.load", "yaml.safe_load")
        .replace("False", "True")
        .replace("<", "<=")
    )
    told = earlier(said("check", old))
    assert fates(after(told, {"run.py": new}, before={"run.py": old})) == [Fate.FIXED]


def test_changed_code_that_nobody_read_is_not_fixed() -> None:
    for read in (None, ReadFile("", frozenset({"ruff"}), model=False)):
        assert fates(after(earlier(said(SHELL)), {"run.py": SAFE}, read=read)) == [Fate.OPEN]
    told = earlier(said(SHELL, rule="ruff/S602"))
    assert fates(after(told, {"run.py": SAFE}, read=ReadFile("", frozenset(), model=True))) == [Fate.OPEN]


def test_a_tool_that_is_silent_about_a_changed_file_found_it_fixed() -> None:
    told = earlier(said("import subprocess", rule="ruff/F401", severity=Severity.LOW))
    assert fates(after(told, {"run.py": SHIFTED})) == [Fate.FIXED]
    assert fates(after(told, {"run.py": OLD})) == [Fate.OPEN]


def test_other_words_of_a_model_on_untouched_code_are_a_repeat() -> None:
    again = said(SHELL, SHIFTED, rule="model/command-execution", title="Attacker controls what is executed")
    round_ = after(earlier(said(SHELL)), {"run.py": SHIFTED}, [again])
    assert not round_.fresh
    assert round_.findings[0].title == "The shell interprets the command"


def test_it_is_known_under_a_new_name_of_its_file_twice() -> None:
    told = earlier(said(SHELL))
    second = after(told, {"lib/run.py": SHIFTED}, [said(SHELL, SHIFTED, "lib/run.py")])
    assert not second.fresh
    kept = earlier()
    kept = tuple(replace(told[0], finding=one.finding, fate=one.now) for one in second.rulings)
    third = after(
        kept, {"exec.py": INDENTED}, [said(SHELL, INDENTED, "exec.py")], before={"lib/run.py": SHIFTED}
    )
    assert [one.fingerprint for one in third.findings] == [told[0].finding.fingerprint]


def test_what_moved_to_another_file_is_the_same() -> None:
    new = "import subprocess\n\n\ndef run(command):\n    subprocess.run(command, shell=True)\n"
    rest = OLD.replace("    subprocess.run(command, shell=True)\n", "")
    for found in ([], [said(SHELL, new, "shell.py")]):
        round_ = after(earlier(said(SHELL)), {"run.py": rest, "shell.py": new}, found)
        assert (fates(round_), [one.path for one in round_.findings]) == ([Fate.OPEN], ["shell.py"])
        assert not round_.fresh


def test_a_file_that_left_the_change_makes_it_outdated() -> None:
    round_ = after(earlier(said(SHELL)), {"other.py": "x = 1\n"})
    assert fates(round_) == [Fate.OUTDATED]


TWICE = "def one():\n    run(cmd, shell=True)\n\n\ndef two():\n    run(cmd, shell=True)\n"


@pytest.mark.parametrize("first", [True, False])
def test_of_two_alike_the_one_that_was_changed_is_fixed(first: bool) -> None:
    told = earlier(said(SHELL, TWICE), said(SHELL, TWICE, at=1))
    parts = TWICE.split("\n\n\n")
    parts[0 if first else 1] = parts[0 if first else 1].replace("run(cmd, shell=True)", "run([cmd])")
    now = "\n\n\n".join(parts)
    round_ = after(told, {"run.py": now}, [said(SHELL, now)], before={"run.py": TWICE})
    assert fates(round_) == ([Fate.FIXED, Fate.OPEN] if first else [Fate.OPEN, Fate.FIXED])
    assert [one.fingerprint for one in round_.findings] == [told[1 if first else 0].finding.fingerprint]


def test_a_new_one_never_takes_the_name_of_an_old_one() -> None:
    told = earlier(said(SHELL))
    now = SAFE + "\n\ndef more(command):\n    subprocess.run(command, shell=True)\n    log(command)\n"
    round_ = after(told, {"run.py": now}, [said(SHELL, now), said("log(command)", now, at=1)])
    assert told[0].finding.fingerprint not in round_.fresh


@pytest.mark.parametrize(
    ("severity", "now", "is_said"),
    [
        (Severity.LOW, SHIFTED, False),
        (Severity.MEDIUM, SHIFTED, False),
        (Severity.HIGH, SHIFTED, True),
        (Severity.LOW, OLD.replace("len(prices)", "max(1, len(prices))"), True),
    ],
)
def test_on_code_that_did_not_change_only_what_blocks_is_new(
    severity: Severity, now: str, *, is_said: bool
) -> None:
    round_ = after((), {"run.py": now}, [said("sum(prices)", now, severity=severity)])
    assert (bool(round_.fresh), bool(round_.withheld)) == (is_said, not is_said)


@pytest.mark.parametrize("now", [MOVED, REWRITTEN, INDENTED])
def test_moved_and_reformatted_code_did_not_change(now: str) -> None:
    found = [said(SHELL, now, severity=Severity.MEDIUM)]
    assert after((), {"run.py": now}, found).withheld


def test_a_file_that_was_not_read_before_is_new() -> None:
    found = [said(SHELL, severity=Severity.LOW)]
    assert after((), {"run.py": OLD}, found, before={}).fresh


def test_what_a_model_says_of_a_file_that_only_tools_have_read_is_new() -> None:
    found = [said(SHELL, severity=Severity.LOW)]
    assert after((), {"run.py": OLD}, found, asked=False).fresh
    assert not after((), {"run.py": OLD}, found).fresh


@pytest.mark.parametrize("fate", [Fate.DISMISSED, Fate.DECLINED])
def test_what_people_said_no_to_is_not_said_again(fate: Fate) -> None:
    told = earlier(said(SHELL), fate=fate)
    round_ = after(told, {"run.py": SHIFTED}, [said(SHELL, SHIFTED, title="Another word for it")])
    assert (round_.findings, len(round_.dropped), fates(round_)) == ((), 1, [fate])


def test_what_was_fixed_and_comes_back_is_open_again() -> None:
    told = earlier(said(SHELL), fate=Fate.FIXED)
    for found in ([], [said(SHELL)]):
        round_ = after(told, {"run.py": OLD}, found, before={"run.py": SAFE})
        assert (fates(round_), set(round_.fresh)) == ([Fate.OPEN], set())
    assert fates(after(told, {"run.py": SAFE}, before={"run.py": SAFE})) == [Fate.FIXED]


def test_one_about_a_whole_file_stands_as_long_as_its_quote() -> None:
    told = earlier(replace(said(SHELL), line=None))
    assert fates(after(told, {"run.py": SHIFTED})) == [Fate.OPEN]
    assert fates(after(told, {"run.py": SAFE})) == [Fate.FIXED]


def test_what_was_accepted_is_fixed_when_its_code_changes() -> None:
    told = earlier(said(SHELL), fate=Fate.ACCEPTED)
    assert fates(after(told, {"run.py": SAFE}, read=READ)) == [Fate.FIXED]
    assert fates(after(told, {"run.py": SHIFTED})) == [Fate.ACCEPTED]
