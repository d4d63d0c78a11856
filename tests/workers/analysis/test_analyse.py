"""All tools together, on files that nobody should trust."""

from __future__ import annotations

import sys

import pytest

from workers.analysis.analyse import PARSED_MAX_CHARS, analyse, readers
from workers.analysis.languages import language_of
from workers.analysis.process import Finished
from workers.analysis.sandbox import JailLimits, ReducedSandbox, Sandbox
from workers.analysis.source import Analysis, Observation, SourceFile
from workers.domain.change import Snapshot

LIMITS = JailLimits(wall_s=20.0)
NOTHING = Snapshot({}, complete=True)


def source(path: str, text: str, touched: set[int] | None = None) -> SourceFile:
    lines = set(range(1, text.count("\n") + 2)) if touched is None else touched
    return SourceFile(path, text, language_of(path, text), frozenset(lines))


async def analysed(sandbox: Sandbox, *files: SourceFile) -> Analysis:
    return await analyse(files, NOTHING, sandbox, LIMITS)


def seen(analysis: Analysis, tool: str) -> set[tuple[str, str, int]]:
    return {(one.path, one.rule, one.line) for one in analysis.observations if one.tool == tool}


async def test_every_tool_speaks_of_touched_lines_only(sandbox: Sandbox) -> None:
    body = "import os\n\ndef f(a):\n    os.system('ls ' + a)\n    os.system('rm ' + a)\n    return eval(a)\n"
    analysis = await analysed(sandbox, source("a.py", body, touched={5, 6}))
    assert seen(analysis, "ruff") == {("a.py", "S605", 5), ("a.py", "S307", 6)}
    assert seen(analysis, "ast-grep") == {("a.py", "python-eval", 6)}


async def test_runs_say_how_each_tool_ran(sandbox: Sandbox) -> None:
    analysis = await analysed(sandbox, source("a.py", "x = 1\n"))
    assert {run.tool: run.outcome for run in analysis.runs} == dict.fromkeys(
        readers(source("a.py", "")), "ok"
    )
    assert {run.isolation for run in analysis.runs} == {sandbox.isolation, "in process"}


HOSTILE = (
    "/etc/passwd.py",
    "../../up.py",
    "-rf.py",
    "a\0b.py",
    "a\nb.py",
    "x" * 400 + ".py",
    "a b/ü.py",
    "A.py",
    "a.py",
)


async def test_hostile_names_come_back_as_they_were(sandbox: Sandbox) -> None:
    analysis = await analysed(sandbox, *(source(path, "eval(x)\n") for path in HOSTILE))
    assert seen(analysis, "ast-grep") == {(path, "python-eval", 1) for path in HOSTILE}
    assert seen(analysis, "ruff") >= {(path, "S307", 1) for path in HOSTILE}


async def test_python_2_is_said_to_be_unread(sandbox: Sandbox) -> None:
    analysis = await analysed(sandbox, source("old.py", 'print "hello"\n'))
    (unread,) = (one for one in analysis.unread if one.tool == "ruff")
    assert "does not parse as Python 3.14: line 1" in unread.why


async def test_python_3_14_is_read(sandbox: Sandbox) -> None:
    newest = 'name = "x"\nt = t"{name}"\ntry:\n    pass\nexcept ValueError, TypeError:\n    pass\n'
    analysis = await analysed(sandbox, source("new.py", newest))
    assert not [one for one in analysis.unread if one.tool == "ruff"]


HARD = {
    "NUL bytes": "a\0b = 1\neval(x)\n",
    "CRLF": "a = 1\r\neval(x)\r\n",
    "lone carriage return": "a = 1 # b\rc\neval(x)\n",
    "lone surrogate": "a = '\ud800'\neval(x)\n",
    "form feed and line separator": "a = 1 # \f \u2028\neval(x)\n",
    "no final newline": "a = 1\neval(x)",
}


async def test_lines_are_counted_as_git_counts_them(sandbox: Sandbox) -> None:
    files = {f"{name}.py": text for name, text in HARD.items()}
    analysis = await analysed(sandbox, *(source(path, text) for path, text in files.items()))
    assert {one for one in seen(analysis, "ast-grep") if one[1] == "python-eval"} == {
        (path, "python-eval", text.split("\n").index("eval(x)" + "\r" * ("\r\n" in text)) + 1)
        for path, text in files.items()
    }
    assert {run.outcome for run in analysis.runs} == {"ok"}


@pytest.mark.parametrize(
    "names", [("deep.py", "deep.js"), ("Deep.java", "deep.go"), ("deep.kt", "deep.rs", "deep.ts")]
)
async def test_deep_nesting_breaks_nothing(sandbox: Sandbox, names: tuple[str, ...]) -> None:
    deep = (source(name, "(" * 50_000) for name in names)
    analysis = await analysed(sandbox, *deep, source("a.py", "eval(x)\n"))
    assert ("a.py", "python-eval", 1) in seen(analysis, "ast-grep")


async def test_five_megabytes_on_one_line_are_said_to_be_unread(sandbox: Sandbox) -> None:
    analysis = await analysed(sandbox, source("big.js", "var a=1;" * 650_000))
    assert {one.tool for one in analysis.unread} == {"ast-grep", "lizard"}
    assert len("var a=1;" * 650_000) > PARSED_MAX_CHARS


async def test_repository_configuration_is_never_loaded(sandbox: Sandbox) -> None:
    silence = 'exclude = ["*"]\n[lint]\nignore = ["ALL"]\n'
    analysis = await analysed(
        sandbox,
        source("ruff.toml", silence),
        source(".ruff.toml", silence),
        source("pyproject.toml", "[tool.ruff]\nexclude = ['*']\n"),
        source("sgconfig.yml", "ruleDirs: []\n"),
        source("whitelizer.txt", "*\n"),
        source(".secrets.baseline", "{}"),
        source("a.py", "eval(x)\n"),
    )
    assert ("a.py", "S307", 1) in seen(analysis, "ruff")
    assert ("a.py", "python-eval", 1) in seen(analysis, "ast-grep")


async def test_noqa_silences_taste_but_not_security(sandbox: Sandbox) -> None:
    analysis = await analysed(sandbox, source("a.py", "import os  # noqa: F401\neval(y)  # noqa\n"))
    assert seen(analysis, "ruff") == {("a.py", "S307", 2)}


async def test_allow_list_comment_silences_no_secret(sandbox: Sandbox) -> None:
    key = "AKIA" + "Z7Q4M2XWV5PLKJ3T"
    analysis = await analysed(sandbox, source("k.env", f"AWS_KEY={key}  # pragma: allowlist secret\n"))
    assert seen(analysis, "detect-secrets") == {("k.env", "aws-access-key", 1)}
    assert key not in repr(analysis)


async def test_forgiving_comment_silences_no_complexity(sandbox: Sandbox) -> None:
    branches = "".join(f"    if a == {number}:\n        return {number}\n" for number in range(20))
    text = f"# lizard forgives\ndef f(a):\n    # lizard forgives\n{branches}"
    analysis = await analysed(sandbox, source("a.py", text))
    assert ("a.py", "complexity", 2) in seen(analysis, "lizard")


async def test_measure_of_a_function_that_the_change_leaves_alone_is_dropped(sandbox: Sandbox) -> None:
    branches = "".join(f"    if a == {number}:\n        return {number}\n" for number in range(20))
    analysis = await analysed(sandbox, source("a.py", f"def f(a):\n{branches}\n\ndef g():\n    pass\n", {45}))
    assert seen(analysis, "ruff") | seen(analysis, "lizard") == set()


async def test_symbols_come_by_path(sandbox: Sandbox) -> None:
    analysis = await analysed(sandbox, source("a.py", "def f():\n    pass\n"), source("b.md", "# b\n"))
    assert [symbol.name for symbol in analysis.symbols["a.py"]] == ["f"]
    assert "b.md" not in analysis.symbols


class BrokenSandbox:
    """A machine on which nothing starts."""

    isolation = "jail"
    executes_code = True

    async def run(self, command: object, *, files: object, stdin: bytes = b"", limits: object) -> Finished:
        raise FileNotFoundError(2, "No such file or directory")


async def test_tool_that_cannot_start_is_a_failed_run() -> None:
    analysis = await analyse([source("a.py", "x = 1\n")], NOTHING, BrokenSandbox(), LIMITS)
    failed = {run.tool for run in analysis.runs if run.outcome == "failed"}
    assert failed == {"ruff", "ast-grep", "symbols", "lizard", "detect-secrets"}


class SilentSandbox(BrokenSandbox):
    """A machine on which every program dies at once."""

    async def run(self, command: object, *, files: object, stdin: bytes = b"", limits: object) -> Finished:
        return Finished(-9, b"", b"Killed\n", 0.1, self.isolation)


async def test_tool_that_dies_is_a_failed_run_with_its_last_words() -> None:
    analysis = await analyse([source("a.py", "x = 1\n")], NOTHING, SilentSandbox(), LIMITS)
    assert {run.outcome for run in analysis.runs if run.tool != "secret-patterns"} == {"failed"}
    assert any("Killed" in run.detail for run in analysis.runs)


async def test_reduced_isolation_is_said(reduced: ReducedSandbox) -> None:
    analysis = await analysed(reduced, source("a.py", "eval(x)\n"))
    assert {run.isolation for run in analysis.runs} == {"reduced", "in process"}


async def test_nothing_to_read_is_no_work() -> None:
    analysis = await analyse([], NOTHING, ReducedSandbox(sys.executable), LIMITS)
    assert analysis.observations == ()


def test_observations_are_values() -> None:
    assert Observation("t", "r", "p", 1, 1, "m") == Observation("t", "r", "p", 1, 1, "m")
