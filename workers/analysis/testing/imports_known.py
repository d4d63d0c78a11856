"""Whether what a test imports is there: with the language, in the repository, or imported by its own code already."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePosixPath

from workers.analysis.imports import SCRIPTS, imports
from workers.analysis.testing.facts import Wanted
from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.names import Family

FILES_READ_MAX = 5_000
BROUGHT: Mapping[Framework, tuple[str, ...]] = {
    Framework.PYTEST: ("pytest", "_pytest"),
    Framework.UNITTEST: (),
    Framework.VITEST: ("vitest",),
    Framework.JEST: ("@jest/globals",),
    Framework.NODE_TEST: (),
    Framework.JUNIT4: ("org.junit", "org.hamcrest"),
    Framework.JUNIT5: ("org.junit.jupiter",),
    Framework.KOTLIN_TEST: ("kotlin.test",),
    Framework.GO_TEST: (),
}
_WITH_LANGUAGE: Mapping[Family, tuple[str, ...]] = {
    Family.JAVA: ("java", "javax"),
    Family.KOTLIN: ("kotlin", "kotlinx.coroutines", "java", "javax"),
}
_NODE = """
assert buffer child_process crypto events fs http https net os path perf_hooks process querystring readline stream
string_decoder timers tls url util vm worker_threads zlib
"""
_JVM_IMPORT = re.compile(r"^import[ \t]+(?:static[ \t]+)?([\w.]{1,300})", re.MULTILINE)
_GO_IMPORT = re.compile(r"^(?:import)?[ \t]*(?:[\w.]+[ \t]+)?\"([^\"\n]{1,300})\"", re.MULTILINE)
_GO_MODULE = re.compile(r"^module[ \t]+(\S{1,300})", re.MULTILINE)
_PACKAGE = re.compile(r"^[ \t]*package[ \t]+([\w.]{1,300})", re.MULTILINE)
_WORD = re.compile(r"\w+")


class Known:
    """What the code of one repository may import. Reads no more of its files than a test asks for."""

    def __init__(self, files: Mapping[str, str], family: Family, framework: Framework) -> None:
        self._files = files
        self._family = family
        self._brought = BROUGHT[framework] + _WITH_LANGUAGE.get(family, ())

    def missing(self, path: str, wanted: Wanted) -> str:
        """What of an import by the test at `path` nobody knows; "" when all is there."""
        if self._family is Family.PYTHON:
            return self._python(path, wanted)
        if self._family is Family.SCRIPT:
            return self._script(path, wanted)
        if self._family is Family.GO:
            return "" if self._is_go(wanted.module) else wanted.module
        return "" if self._is_jvm(wanted.module) else wanted.module

    def _python(self, path: str, wanted: Wanted) -> str:
        root = wanted.module.partition(".")[0]
        if not wanted.module.startswith(".") and not self._owns(root):
            known = root in sys.stdlib_module_names or root in self._brought or root in self._outside
            return "" if known else wanted.module
        return self._not_in_own(wanted)

    def _owns(self, root: str) -> bool:
        return any(
            f"/{root}/" in f"/{path}" or PurePosixPath(path).stem == root for path in self._python_files
        )

    @cached_property
    def _python_files(self) -> tuple[str, ...]:
        return tuple(path for path in self._files if path.endswith(".py"))

    def _not_in_own(self, wanted: Wanted) -> str:
        """A module of the repository must be there, and hold the names as words."""
        dotted = wanted.module.lstrip(".").replace(".", "/")
        below = [
            path
            for path in self._python_files
            if f"/{path}".endswith((f"/{dotted}.py", f"/{dotted}/__init__.py"))
            or (f"/{dotted}/" in f"/{path}")
        ]
        if not below:
            return wanted.module
        found = [name for name in wanted.names if name != "*" and not self._holds(name, below, dotted)]
        return f"{wanted.module}.{found[0]}" if found else ""

    def _holds(self, name: str, below: list[str], dotted: str) -> bool:
        """Whether it is a module below, or a word of the module itself."""
        for path in below:
            if f"/{path}".endswith((f"/{dotted}/{name}.py", f"/{dotted}/{name}/__init__.py")):
                return True
            own = f"/{path}".endswith((f"/{dotted}.py", f"/{dotted}/__init__.py"))
            if own and any(one[0] == name for one in _WORD.finditer(self._files[path])):
                return True
        return False

    def _script(self, path: str, wanted: Wanted) -> str:
        module = wanted.module
        if module.startswith("."):
            return "" if self._local(path, module) else module
        name = "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
        known = (
            module.startswith("node:")
            or name in _NODE.split()
            or name in self._brought
            or name in self._outside
        )
        return "" if known else module

    def _local(self, path: str, module: str) -> bool:
        plain = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
        stem, ending = posixpath.splitext(plain)
        stem = stem if ending in SCRIPTS else plain
        names = [plain, *(stem + one for one in SCRIPTS), *(f"{plain}/index{one}" for one in SCRIPTS)]
        return any(name in self._files for name in names)

    @cached_property
    def _outside(self) -> frozenset[str]:
        """Packages that existing code imports."""
        python = self._family is Family.PYTHON
        found = set[str]()
        own = [path for path in self._files if path.endswith((".py",) if python else SCRIPTS)]
        for path in own[:FILES_READ_MAX]:
            for one in imports(path, self._files[path]):
                parts = one.target.split("." if python else "/")
                found.add("/".join(parts[:2]) if parts[0].startswith("@") else parts[0])
        return frozenset(found)

    def _is_jvm(self, module: str) -> bool:
        return any(_below(module, one) for one in (*self._brought, *self._jvm))

    @cached_property
    def _jvm(self) -> frozenset[str]:
        """Packages of the repository, and whole names that it imports."""
        texts = [text for path, text in self._files.items() if path.endswith((".java", ".kt"))][
            :FILES_READ_MAX
        ]
        return frozenset(
            name for text in texts for form in (_PACKAGE, _JVM_IMPORT) for name in form.findall(text)
        )

    def _is_go(self, module: str) -> bool:
        """Of the standard library (no dot in its first part), of this module, or imported already."""
        return "." not in module.split("/")[0] or any(_below(module, one, "/") for one in self._go)

    @cached_property
    def _go(self) -> frozenset[str]:
        sums = [text for path, text in self._files.items() if PurePosixPath(path).name == "go.mod"]
        code = [text for path, text in self._files.items() if path.endswith(".go")][:FILES_READ_MAX]
        own = {name for text in sums for name in _GO_MODULE.findall(text)}
        return frozenset(own | {name for text in code for name in _GO_IMPORT.findall(text)})


def _below(name: str, top: str, mark: str = ".") -> bool:
    return name == top or name.startswith(f"{top}{mark}")
