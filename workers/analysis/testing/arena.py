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
from workers.analysis.sandbox import Finished, JailLimits, Sandbox
from workers.analysis.testing.toolchains.port import Toolchain

MIB = 1024 * 1024
UNFIT = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EINVAL)
STDERR_MAX_BYTES = 20_000


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
    """A repository laid out below `root`, and what runs its tests. One run at a time: files are changed between runs.

    `options` are what the toolchain's request holds besides; `log` gets the seconds of each run.
    """

    root: Path
    jail: Jail
    toolchain: Toolchain
    options: Mapping[str, object]
    limits: RunLimits
    new_word: Callable[[], str]
    log: list[float] = field(default_factory=list, repr=False)

    async def run(self, test: str, paths: Sequence[str] = ("",), *, first_failure_only: bool = False) -> Ran:
        """Run the test file `test`, with the folders `paths` of the repository in front of all others."""
        word = self.new_word()
        request = {
            **self.options,
            "root": str(self.root),
            "paths": [str(self.root / path) for path in paths],
            "test": str(self.root / test),
            "word": word,
            "first_failure_only": first_failure_only,
        }
        stdin = json.dumps(request).encode()
        try:
            finished = await self.jail.run(
                self.toolchain.command, files={}, stdin=stdin, limits=self.limits.jail
            )
        except OSError as error:
            return Ran(why=f"it could not be started ({error.strerror})", began=False)
        self.log.append(finished.seconds)
        return _ran(finished, word, self.toolchain)

    async def put(self, path: str, text: str) -> None:
        """Write one file of the repository, whole. OSError where none can stand."""
        await asyncio.to_thread(_write, self.root, path, text)

    async def remove(self, path: str) -> None:
        """Take one file away again."""
        await asyncio.to_thread((self.root / path).unlink)


@dataclass(frozen=True, slots=True)
class Ground:
    """A repository laid out below `root`, on which toolchains are tried."""

    root: Path
    jail: Jail
    files: Mapping[str, str] = field(repr=False)
    limits: RunLimits
    new_word: Callable[[], str]

    async def arena(self, toolchain: Toolchain) -> Arena | str:
        """Where `toolchain` runs tests; or that it can't be started here, which is no test's fault."""
        try:
            proof = await self.jail.run(toolchain.proof, files={}, limits=self.limits.jail)
        except OSError as error:
            return f"{toolchain.name} can't be started in the sandbox ({error.strerror})"
        if proof.returncode or proof.ended:
            return f"{toolchain.name} does not run in the sandbox"
        options = await asyncio.to_thread(toolchain.options, self.files)
        return Arena(self.root, self.jail, toolchain, options, self.limits, self.new_word)


@asynccontextmanager
async def opened(
    sandbox: Sandbox,
    toolchains: Sequence[Toolchain],
    files: Mapping[str, str],
    limits: RunLimits,
    new_word: Callable[[], str],
) -> AsyncIterator[Ground | str]:
    """`files` laid out for runs with `toolchains`, gone afterwards; or why nothing may be run here."""
    if not isinstance(sandbox, Jail) or not sandbox.executes_code:
        yield "this machine has no sandbox in which foreign code may run"
        return
    root = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="quorum-tests-"))
    try:
        if why := await asyncio.to_thread(_lay_out, root, files, limits):
            yield why
            return
        needed = (path for one in toolchains for path in one.readable)
        readable = (*sorted({*sandbox.readable, *needed}), str(root))
        yield Ground(root, replace(sandbox, readable=_outermost(readable)), files, limits, new_word)
    finally:
        await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)


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


def _ran(finished: Finished, word: str, toolchain: Toolchain) -> Ran:
    if finished.ended:
        why = {"timeout": "it did not end in time", "output": "it wrote too much"}[finished.ended]
        return Ran(why=why, seconds=finished.seconds)
    for line in finished.stdout.decode("utf-8", "replace").split("\n"):
        if line.startswith(word):
            return _answered(line.removeprefix(word), finished, toolchain)
    return Ran(why=f"it ended with {finished.returncode} and without a result", seconds=finished.seconds)


def _answered(text: str, finished: Finished, toolchain: Toolchain) -> Ran:
    try:
        answer = ANSWER.validate_json(text)
    except ValidationError:
        return Ran(why="its result makes no sense", seconds=finished.seconds)
    said = finished.stderr[-STDERR_MAX_BYTES:].decode("utf-8", "replace")
    if not answer.outcomes and (why := toolchain.no_start(answer.code, said)):
        return Ran(why=why, seconds=finished.seconds, began=False)
    return Ran(answer.outcomes, answer.said, answer.missing, seconds=finished.seconds)
