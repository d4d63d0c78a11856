"""The jailed child: runs the library analysers, one job after the other, and says what it begins.

It catches nothing: a file that breaks a tool ends this process (some failures, such as a parser's panic or a
used-up memory limit, can't be caught anyway), and the worker starts another child for the jobs that are left.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from importlib import import_module
from pathlib import Path

from workers.analysis.tools.protocol import Answer, Given, Job, Line

TOOLS = frozenset({"ast-grep", "symbols", "parse", "structure", "lizard", "detect-secrets"})
"""A module each, whose `check` looks at one file; imported when a job asks, for most children need one or two."""


def main(folder: Path) -> None:
    """Answer the request on stdin, line by line; `folder` holds the files."""
    request = json.load(sys.stdin)
    files = {file["name"]: file for file in request["files"]}
    for job in (Job(**each) for each in request["jobs"]):
        _say(Line(job))
        started = time.monotonic()
        answer = _tool(job.tool)(_given(files[job.name], folder))
        _say(Line(job, answer, time.monotonic() - started))


@cache
def _tool(name: str) -> Callable[[Given], Answer]:
    if name not in TOOLS:
        raise KeyError(name)
    check: Callable[[Given], Answer] = import_module(f"workers.analysis.tools.{name.replace('-', '_')}").check
    return check


def _given(file: Mapping[str, object], folder: Path) -> Given:
    name, touched = str(file["name"]), file["touched"]
    text = (folder / name).read_bytes().decode("utf-8", "replace")
    return Given(name, str(file["language"]), frozenset(touched), text)  # type: ignore[call-overload]


def _say(line: Line) -> None:
    sys.stdout.write(json.dumps(asdict(line)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
