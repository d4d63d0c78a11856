"""The Node.js that runs tests written for `node:test`: the one the operator names, or the one on the PATH."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workers.analysis.testing.toolchains.asking import asked

MAJOR_MIN = 20
"""The first whose `node:test` is stable and takes a reporter."""
HEAP_MAX_MIB = 768
"""Well below the jail's memory: of what it reserves besides, much is only addresses (V8 wants about 700 MiB to start)."""
SUFFIXES = frozenset({".js", ".mjs", ".cjs"})
DRIVER = str(Path(__file__).with_name("node_driver.mjs"))
ASK = "process.stdout.write(JSON.stringify([process.execPath, process.versions.node]))"
NONE_HERE = "there is no Node.js here"


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js: its program and version. A Toolchain.

    Of a repository's configuration only `package.json` is looked at, and only for what sort of modules its files are:
    no script, hook, loader or option of it is, and nothing of the environment reaches it.
    """

    node: str
    version: str
    name: str = "Node.js"
    loads_alone: bool = True

    @property
    def label(self) -> str:
        """Its name and version."""
        return f"{self.name} {self.version}"

    @property
    def readable(self) -> tuple[str, ...]:
        """See Toolchain; its libraries are the system's, which every jail reads."""
        return (self.node,)

    @property
    def command(self) -> tuple[str, ...]:
        """See Toolchain. The driver is its own reporter."""
        return (*self._start, f"--test-reporter={DRIVER}", DRIVER)

    @property
    def proof(self) -> tuple[str, ...]:
        """See Toolchain."""
        return (*self._start, "-e", "0")

    @property
    def _start(self) -> tuple[str, ...]:
        return (self.node, "--no-warnings", "--no-addons", f"--max-old-space-size={HEAP_MAX_MIB}")

    def refusal(self, path: str) -> str:
        """See Toolchain: TypeScript and JSX would have to be translated by something that is not here."""
        suffix = PurePosixPath(path).suffix
        return "" if suffix in SUFFIXES else f"Node.js does not run {suffix} files as they are"

    def options(self, files: Mapping[str, str]) -> Mapping[str, object]:
        """See Toolchain."""
        return {}

    def no_start(self, code: int, stderr: str) -> str:
        """See Toolchain: whatever goes wrong in it is the test's own doing."""
        return ""


async def find_node(configured: str) -> Node | str:
    """The Node.js at the path `configured` ("": on the PATH), or why no test can be run with it."""
    program = configured or shutil.which("node")
    if not program:
        return NONE_HERE
    found = _told(await asked([program, "-e", ASK]))
    if found is None:
        return f"{program} is no Node.js that answers"
    if int(found.version.partition(".")[0]) < MAJOR_MIN:
        return f"Node.js {found.version} is too old: {MAJOR_MIN} or a later one runs `node:test`"
    return found


def _told(answer: bytes) -> Node | None:
    """Where it really stands (what is on a PATH may be a starter), and its version."""
    try:
        node, version = json.loads(answer)
        if version.partition(".")[0].isdecimal():
            return Node(str(Path(node).resolve()), version)
    except (ValueError, TypeError, AttributeError):
        return None
    return None
