"""Runs one test file with pytest and says what became of each test. `python -I -B driver.py` inside the jail.

It stands alone (standard library and pytest): the interpreter that runs it may be another than ours. A test shares
this process: whatever it does ends with the jail, and without the last line, which names a word that only the
request knows, a run counts as none.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import entry_points
from typing import Any

OUTPUT_FD = 1
SAID_MAX_CHARS = 1_500
TESTS_MAX = 500


class Recorder:
    """A plugin of pytest: the worst outcome of each test's phases, and why for those that did not pass."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.said: list[str] = []
        self.missing = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One phase of one test: a test has passed when none of its phases failed."""
        if report.failed:
            self._fail(report.nodeid, "failed", report)
        elif report.skipped:
            self.outcomes[report.nodeid] = "skipped"
        elif report.when == "call" and len(self.outcomes) < TESTS_MAX:
            self.outcomes.setdefault(report.nodeid, "passed")

    def pytest_collectreport(self, report: Any) -> None:
        """A file that can't be imported has no tests."""
        if report.failed:
            self._fail(report.nodeid or "collection", "error", report)

    def _fail(self, name: str, outcome: str, report: Any) -> None:
        self.outcomes[name] = outcome
        text = str(report.longrepr)
        self.said.append(f"{name}: {text[-SAID_MAX_CHARS:]}")
        self.missing = self.missing or missing_module(text)


def missing_module(text: str) -> str:
    """The name of a module that was not found, "" when that was not the trouble."""
    _, found, rest = text.partition("ModuleNotFoundError: No module named ")
    return rest.split("\n", 1)[0].strip().strip("'\"")[:200] if found else ""


def _plugins(wanted: list[str]) -> list[str]:
    """Installed plugins of the distributions that the repository asks for; nobody else's."""
    if not wanted:  # looking through all that is installed takes a while
        return []
    found = entry_points(group="pytest11")
    return [
        f"-p{one.name}"
        for one in found
        if one.dist is not None and one.dist.name.lower().replace("_", "-") in wanted
    ]


def main() -> None:
    """Obey the request on stdin: root, paths, test, plugins, word, first_failure_only."""
    request = json.load(sys.stdin)
    said = os.fdopen(os.dup(OUTPUT_FD), "w", encoding="utf-8", errors="replace")
    os.dup2(2, OUTPUT_FD)  # what tests print is not our answer
    os.chdir(request["root"])
    sys.path[:0] = request["paths"]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = "/tmp/hypothesis"  # noqa: S108 # the jail's own; nothing else may be written
    import pytest

    recorder = Recorder()
    options = [
        "-q",
        "--tb=short",
        "--color=no",
        "--no-header",
        "-pno:cacheprovider",
        "--basetemp=/tmp/pytest",
    ]
    options += [f"--rootdir={request['root']}", "-oaddopts=", "-orequired_plugins="]
    # settings and marks of plugins that are not loaded are no fault of the test
    options += ["-Wignore::pytest.PytestConfigWarning", "-Wignore::pytest.PytestUnknownMarkWarning"]
    options += _plugins(request["plugins"]) + (["-x"] if request["first_failure_only"] else [])
    code = int(pytest.main([*options, request["test"]], plugins=[recorder]))
    text = "\n".join(recorder.said)[:SAID_MAX_CHARS]
    answer = {"outcomes": recorder.outcomes, "said": text, "missing": recorder.missing, "code": code}
    said.write(f"\n{request['word']}{json.dumps(answer)}\n")
    said.flush()
    os._exit(0)  # a thread of a test that never ends would keep it


if __name__ == "__main__":
    main()
