"""`quorum` in processes of its own that need not import anything first: each is forked from one that has.

Everything of a process is its own but the imports: environment, folder, output, signals, death. Where the start itself
is what is tested, or what a command imports, tests start `python -m bot`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess
from typing import TextIO

from bot.__main__ import main

TIMEOUT_S = 60.0

IMPORTED = "tests.warm_imports"
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([IMPORTED])


def forked(
    words: Sequence[str],
    environ: Mapping[str, str],
    folder: Path,
    out: Path,
    err: Path,
    program: Callable[[Sequence[str]], int] = main,
) -> ForkServerProcess:
    """`quorum WORDS` (or another `program`), not started; it adds to the files `out` and `err`, and reads nothing."""
    return _FORKING.Process(target=_run, args=(program, tuple(words), dict(environ), folder, out, err))


def quorum(*words: str, environ: Mapping[str, str], folder: Path) -> CompletedProcess[str]:
    """`quorum WORDS` from beginning to end, in `folder`, with `environ` and no other variables."""
    with tempfile.TemporaryDirectory() as kept:
        out, err = Path(kept, "out"), Path(kept, "err")
        process = forked(words, environ, folder, out, err)
        process.start()
        process.join(TIMEOUT_S)
        process.kill()
        process.join()
        done = CompletedProcess(words, process.exitcode or 0, _text(out), _text(err))
        process.close()
    return done


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _run(
    program: Callable[[Sequence[str]], int],
    words: tuple[str, ...],
    environ: dict[str, str],
    folder: Path,
    out: Path,
    err: Path,
) -> None:
    """In the child."""
    assert IMPORTED in sys.modules, (
        f"{IMPORTED} could not be imported: whom all are forked from passes over that"
    )
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    for stream, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, stream)
        os.close(file)
    sys.stdout, sys.stderr = _stream(1), _stream(2)
    sys.argv = ["quorum", *words]
    sys.exit(program(words))


def _stream(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", buffering=1, closefd=False)
