"""Git as a reader: no hook, filter, driver, pager, helper or remote that a repository configures is ever run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workers.domain.errors import UserError

CHUNK_BYTES = 1024 * 1024
_HARDENED = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "core.sshCommand=false",
    "core.askPass=",
    "credential.helper=",
    "diff.external=",
    "protocol.allow=never",
    "submodule.recurse=false",
    "gc.auto=0",
)


class GitError(Exception):
    """Git ended with another code than 0; `stderr` is its own words."""

    def __init__(self, command: str, code: int, stderr: str) -> None:
        super().__init__(f"git {command} ended with {code}: {stderr}")
        self.code = code
        self.stderr = stderr


@dataclass(frozen=True, slots=True)
class Git:
    """Commands on one repository. `root` is the working tree; `environ` is added to a clean environment."""

    root: Path
    timeout_s: float
    output_max_bytes: int
    big_file_bytes: int
    environ: Mapping[str, str] = field(default_factory=dict)

    async def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Standard output. Raises GitError, or UserError when git is missing, too slow or says too much."""
        process = await self._start(arguments)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._talk(process, arguments[0], stdin)
        except TimeoutError:
            raise UserError(f"git {arguments[0]} took longer than {self.timeout_s:g} s.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _start(self, arguments: tuple[str, ...]) -> asyncio.subprocess.Process:
        config = (*_HARDENED, f"core.bigFileThreshold={self.big_file_bytes}")
        options = [word for setting in config for word in ("-c", setting)]
        place = [
            f"--git-dir={self.root / '.git'}",
            f"--work-tree={self.root}",
            "--no-pager",
            "--literal-pathspecs",
        ]
        try:
            return await asyncio.create_subprocess_exec(
                "git", *options, *place, *arguments,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                cwd=self.root, env={**_clean_environment(), **self.environ},
            )  # fmt: skip
        except FileNotFoundError:
            raise UserError("git was not found on this machine: install it, or fix PATH.") from None

    async def _talk(self, process: asyncio.subprocess.Process, command: str, stdin: bytes) -> bytes:
        feeding = asyncio.create_task(_feed(process, stdin))
        complaints = asyncio.create_task(_read(process.stderr, CHUNK_BYTES))
        try:
            output = await _read(process.stdout, self.output_max_bytes)
            if len(output) > self.output_max_bytes:
                raise UserError(f"git {command} printed more than {self.output_max_bytes} bytes.")
            stderr = await complaints
            code = await process.wait()
            await feeding
        finally:
            feeding.cancel()
            complaints.cancel()
        if code:
            raise GitError(command, code, stderr.decode("utf-8", "replace").strip())
        return output


async def _feed(process: asyncio.subprocess.Process, stdin: bytes) -> None:
    assert process.stdin is not None  # noqa: S101  (it was asked for)
    try:
        process.stdin.write(stdin)
        await process.stdin.drain()
        process.stdin.close()
    except ConnectionError:
        return  # git had read enough; its code says whether that is an error


async def _read(stream: asyncio.StreamReader | None, max_bytes: int) -> bytes:
    """Everything, or a little more than `max_bytes`, so that the caller sees that there was more."""
    assert stream is not None  # noqa: S101  (it was asked for)
    parts: list[bytes] = []
    size = 0
    while size <= max_bytes and (part := await stream.read(CHUNK_BYTES)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _clean_environment() -> dict[str, str]:
    """Nothing of our own environment but the search path: neither secrets nor GIT_* reach the child."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what is missing, by any command it names
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }
