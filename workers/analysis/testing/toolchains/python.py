"""The Python that runs a repository's tests: the one the operator names, or ours. Nothing is installed for anybody."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from workers.analysis.jail import interpreter_paths
from workers.analysis.languages import Ecosystem, manifest_of
from workers.analysis.manifests import requirements
from workers.analysis.testing import driver
from workers.analysis.testing.toolchains.asking import asked

MANIFESTS_MAX = 50
NO_START = (3, 4)
"""pytest's codes for its own trouble, and for options and `conftest.py` files that it can't use."""
ASK = """
import importlib.util, json, os, sys, sysconfig
paths = sysconfig.get_paths()
prefixes = {sys.base_prefix, sys.prefix, os.path.dirname(os.path.dirname(os.path.realpath(sys.executable)))}
found = {os.path.join(p, n) for p in prefixes for n in ("bin", "lib", "lib64", "pyvenv.cfg")}
found |= {paths[n] for n in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
found |= {os.path.realpath(p) for p in found}
print(json.dumps({"pytest": importlib.util.find_spec("pytest") is not None,
                  "readable": sorted(p for p in found if os.path.exists(p))}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python with pytest: its program, and what of the file system it must be able to read. A Toolchain."""

    python: str
    readable: tuple[str, ...]
    name: str = "Python"
    loads_alone: bool = False  # pytest imports what it is given by another name than its users do

    @property
    def label(self) -> str:
        """Its name and place."""
        return f"{self.name} ({self.python})"

    @property
    def command(self) -> tuple[str, ...]:
        """See Toolchain."""
        return (self.python, "-I", "-B", driver.__file__)

    @property
    def proof(self) -> tuple[str, ...]:
        """See Toolchain."""
        return (self.python, "-I", "-S", "-c", "")

    def refusal(self, path: str) -> str:
        """See Toolchain: it runs every file of its language."""
        return ""

    def options(self, files: Mapping[str, str]) -> Mapping[str, object]:
        """See Toolchain: plugins of the distributions that the repository's manifests ask for are loaded."""
        return {"plugins": _asked_for(files)}

    def no_start(self, code: int, stderr: str) -> str:
        """See Toolchain."""
        if code not in NO_START:
            return ""
        if missing := driver.missing_module(stderr):
            return f"the module `{missing}`, which the repository's pytest configuration needs, is not installed here"
        return "pytest does not start with the repository's configuration here"


async def find_interpreter(configured: str) -> Interpreter | str:
    """The interpreter at the path `configured` ("": ours), or why no test can be run with it."""
    python = configured or sys.executable
    told = _told(await asked([python, "-I", "-c", ASK]))
    if told is None:
        return f"{python} is no Python that answers"
    has_pytest, readable = told
    if not has_pytest:
        return f"{python} has no pytest"
    return Interpreter(python, readable if configured else interpreter_paths())


def _told(answer: bytes) -> tuple[bool, tuple[str, ...]] | None:
    """Whether it has pytest, and what it reads."""
    try:
        told = json.loads(answer)
        return bool(told["pytest"]), tuple(str(path) for path in told["readable"])
    except (ValueError, KeyError, TypeError):
        return None


def _asked_for(files: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the distributions that the repository's manifests ask for."""
    named = [
        path for path in files if (one := manifest_of(path)) is not None and one.ecosystem is Ecosystem.PYPI
    ]
    found = (requirements(path, files[path]) or {} for path in named[:MANIFESTS_MAX])
    return tuple(sorted({name for one in found for name in one}))
