"""Every toolchain that is known, and which tests it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.toolchains.node import find_node
from workers.analysis.testing.toolchains.port import Toolchain
from workers.analysis.testing.toolchains.python import find_interpreter

INSTALLED = frozenset({Framework.VITEST, Framework.JEST})
"""What no toolchain brings: a package, which would have to be installed."""


@dataclass(frozen=True, slots=True)
class Toolchains:
    """What runs tests of each framework, or a sentence why nothing does; `why` is one about all of them, or ""."""

    found: Mapping[Framework, Toolchain | str] = field(default_factory=dict)
    why: str = ""

    def of(self, framework: Framework, path: str) -> Toolchain | str:
        """What runs tests with `framework` of the file `path`, or why nothing does."""
        one = self.why or self.found.get(framework)
        if one is None:
            installed = f"{framework.value} would have to be installed, and nothing is installed here"
            return installed if framework in INSTALLED else f"nothing here runs {framework.value}"
        return one if isinstance(one, str) else one.refusal(path) or one


async def find_toolchains(python: str, node: str) -> Toolchains:
    """What this machine has; of each, the program that the operator names, or "" for the usual one."""
    interpreter = await find_interpreter(python)
    return Toolchains(
        {
            Framework.PYTEST: interpreter,
            Framework.UNITTEST: interpreter,
            Framework.NODE_TEST: await find_node(node),
        }
    )
