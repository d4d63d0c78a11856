"""Where written tests are run: the repository, read-only, in the jail: no network, no environment, hard limits."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from workers.analysis.jail import Jail
from workers.analysis.languages import Ecosystem, manifest_of
from workers.analysis.manifests import requirements
from workers.analysis.sandbox import Finished, JailLimits, Sandbox
from workers.analysis.testing import driver
from workers.analysis.testing.interpreter import Interpreter

MIB = 1024 * 1024
MANIFESTS_MAX = 50
UNFIT = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EINVAL)
STDERR_MAX_BYTES = 20_000
NO_START = (3, 4)
"""pytest's codes for its own trouble, and for options and `conftest.py` files that it can't use."""


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Limits of one run of one file, and of the repository that is laid out for it."""

    jail: JailLimits = field(
        default_factory=lambda: JailLimits(
            wall_s=20.0, cpu_s=20, memory_max_bytes=2048 * MIB, output_max_bytes=MIB
        )
    )
    files_max: int = 20_000
    tree_max_bytes: int = 200 * MIB


@dataclass(frozen=True, slots=True)
class Ran:
    """One run. `outcomes` maps each test to "passed", "failed", "error" or "skipped"; `why` is "" or how it was ended.

    `missing` is a module that is not installed here; `said` is what the tests said of themselves, from them alone.
    """

    outcomes: Mapping[str, str] = field(default_factory=dict)
    said: str = field(default="", repr=False)
    missing: str = ""
    why: str = ""
    seconds: float = 0.0
    began: bool = True

    @property
    def is_green(self) -> bool:
        """Whether there were tests and all of them passed."""
        return not self.why and bool(self.outcomes) and set(self.outcomes.values()) == {"passed"}


@dataclass(frozen=True, slots=True)
class _Answer:
    outcomes: dict[str, str]
    said: str
    missing: str
    code: int


ANSWER = TypeAdapter(_Answer)


@dataclass(frozen=True, slots=True)
class Arena:
    """A repository laid out below `root`. One run at a time: files are changed between runs.

    `log` gets the seconds of each run.
    """

    root: Path
    jail: Jail
    python: str
    plugins: tuple[str, ...]
    limits: RunLimits
    new_word: Callable[[], str]
    log: list[float] = field(default_factory=list, repr=False)

    async def run(self, test: str, paths: Sequence[str] = ("",), *, first_failure_only: bool = False) -> Ran:
        """Run the test file `test`, with the folders `paths` of the repository in front of all others."""
        word = self.new_word()
        request = {
            "root": str(self.root),
            "paths": [str(self.root / path) for path in paths],
            "test": str(self.root / test),
            "plugins": self.plugins,
            "word": word,
            "first_failure_only": first_failure_only,
        }
        command = [self.python, "-I", "-B", driver.__file__]
        stdin = json.dumps(request).encode()
        try:
            finished = await self.jail.run(command, files={}, stdin=stdin, limits=self.limits.jail)
        except OSError as error:
            return Ran(why=f"it could not be started ({error.strerror})", began=False)
        self.log.append(finished.seconds)
        return _ran(finished, word)

    async def put(self, path: str, text: str) -> None:
        """Write one file of the repository, whole. OSError where none can stand."""
        await asyncio.to_thread(_write, self.root, path, text)

    async def remove(self, path: str) -> None:
        """Take one file away again."""
        await asyncio.to_thread((self.root / path).unlink)


@asynccontextmanager
async def opened(
    sandbox: Sandbox,
    interpreter: Interpreter,
    files: Mapping[str, str],
    limits: RunLimits,
    new_word: Callable[[], str],
) -> AsyncIterator[Arena | str]:
    """`files` laid out for runs, gone afterwards; or why nothing may be run here."""
    if not isinstance(sandbox, Jail) or not sandbox.executes_code:
        yield "this machine has no sandbox in which foreign code may run"
        return
    root = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="quorum-tests-"))
    try:
        if why := await asyncio.to_thread(_lay_out, root, files, limits):
            yield why
            return
        readable = (*sorted({*sandbox.readable, *interpreter.readable}), str(root))
        jail = replace(sandbox, readable=_outermost(readable))
        yield Arena(root, jail, interpreter.python, _asked_for(files), limits, new_word)
    finally:
        await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)


def _asked_for(files: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the distributions that the repository's manifests ask for: plugins among them are loaded."""
    named = [
        path for path in files if (one := manifest_of(path)) is not None and one.ecosystem is Ecosystem.PYPI
    ]
    found = (requirements(path, files[path]) or {} for path in named[:MANIFESTS_MAX])
    return tuple(sorted({name for one in found for name in one}))


def _outermost(paths: Sequence[str]) -> tuple[str, ...]:
    """Without what lies in another one of them."""
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if not any(path != other and Path(path).is_relative_to(other) for other in paths)
    )


def _lay_out(root: Path, files: Mapping[str, str], limits: RunLimits) -> str:
    """Write the files; why not, when they are too many. What could not be delivered either is left out."""
    if len(files) > limits.files_max:
        return f"the repository has more than {limits.files_max:,} files"
    left = limits.tree_max_bytes
    for path, text in files.items():
        left -= len(text)
        if left < 0:
            return f"the repository has more than {limits.tree_max_bytes // MIB} MiB of text"
        if _may_stand(path) and (why := _written(root, path, text)):
            return why
    return ""


def _written(root: Path, path: str, text: str) -> str:
    """Why the repository can't be laid out; a path that this file system can't hold is left out."""
    try:
        _write(root, path, text)
    except ValueError:  # half a surrogate pair
        return ""
    except OSError as error:
        return "" if error.errno in UNFIT else f"the repository can't be laid out here ({error.strerror})"
    return ""


def _may_stand(path: str) -> bool:
    """No path that leads out of the folder; files that builds act on may well be there, as nothing is delivered."""
    parts = path.split("/")
    return not any(part in ("", ".", "..", ".git") or "\0" in part or len(part) > 250 for part in parts)


def _write(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", errors="replace", newline="")
    os.chmod(place, stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)


def _ran(finished: Finished, word: str) -> Ran:
    if finished.ended:
        why = {"timeout": "it did not end in time", "output": "it wrote too much"}[finished.ended]
        return Ran(why=why, seconds=finished.seconds)
    for line in finished.stdout.decode("utf-8", "replace").split("\n"):
        if line.startswith(word):
            return _answered(line.removeprefix(word), finished)
    return Ran(why=f"it ended with {finished.returncode} and without a result", seconds=finished.seconds)


def _answered(text: str, finished: Finished) -> Ran:
    try:
        answer = ANSWER.validate_json(text)
    except ValidationError:
        return Ran(why="its result makes no sense", seconds=finished.seconds)
    if answer.code in NO_START and not answer.outcomes:
        return Ran(why=_no_start(finished), seconds=finished.seconds, began=False)
    return Ran(answer.outcomes, answer.said, answer.missing, seconds=finished.seconds)


def _no_start(finished: Finished) -> str:
    """Why pytest itself did not start: a test has no part in that."""
    said = finished.stderr[-STDERR_MAX_BYTES:].decode("utf-8", "replace")
    if missing := driver.missing_module(said):
        return f"the module `{missing}`, which the repository's pytest configuration needs, is not installed here"
    return "pytest does not start with the repository's configuration here"
