"""Who imports whom among a repository's Python and JavaScript modules, and what they import from outside.

Lines are read, not trees: only imports at the start of a line, i.e. at module level, count. That keeps it linear
over a whole repository, and leaves out imports inside functions, which exist to break cycles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import PurePosixPath

PYTHON = re.compile(
    r"^(?:import[ \t]+(?P<names>[\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*)"
    r"|from[ \t]+(?P<base>\.*[\w.]*)[ \t]+import[ \t]+(?:\((?P<many>[^)]{0,4000})\)|(?P<few>[^\n(\\]{1,1000})))",
    re.MULTILINE,
)
SCRIPT = re.compile(
    r"^(?:import|export)(?P<type>[ \t]+type\b)?[ \t]*(?:[\w*{}$, \t\n]{0,4000}?[ \t]*from[ \t]*)?"
    r"(?P<q>[\"'])(?P<to>[^\"'\n]{1,300})(?P=q)"
    r"|^(?:const|let|var)[ \t]+[\w{}$,: \t]{1,300}=[ \t]*require\((?P<q2>[\"'])(?P<to2>[^\"'\n]{1,300})(?P=q2)\)",
    re.MULTILINE,
)
SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class Import:
    """One import at module level: `target` as written ("a.b", ".c", "./d", "lodash"), on line `line`."""

    target: str
    line: int
    names: tuple[str, ...] = ()


def imports(path: str, text: str) -> Iterator[Import]:
    """The module-level imports of a Python or JavaScript/TypeScript file; none for others."""
    if path.endswith((".py", ".pyi")):
        yield from _python(text)
    elif path.endswith(SCRIPTS):
        for line, found in _with_lines(SCRIPT, text):
            if not found["type"]:
                yield Import(found["to"] or found["to2"], line, _script_names(found[0]))


def _script_names(statement: str) -> tuple[str, ...]:
    """The names inside braces, as the other module calls them."""
    inside = statement.partition("{")[2].partition("}")[0].split(",")
    words = [part.replace(":", " ").split() for part in inside]
    return tuple(one[0] for one in words if one and one[0] != "type")


def _python(text: str) -> Iterator[Import]:
    for line, found in _with_lines(PYTHON, text):
        if found["base"] is None:
            for part in found["names"].split(","):
                yield Import(part.split()[0], line)
        else:
            parts = re.sub(r"#[^\n]*", "", found["many"] or found["few"] or "").split(",")
            yield Import(found["base"], line, tuple(part.split()[0] for part in parts if part.split()))


def _with_lines(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Each match with its line number; counts on from match to match, so that many stay linear."""
    line, at = 1, 0
    for found in pattern.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        yield line, found


class ModuleGraph:
    """The modules of a repository and the edges between them. Built for the paths that are asked for, on demand."""

    def __init__(self, files: Mapping[str, str], gone: Set[str] = frozenset()) -> None:
        """`gone` are paths that lead nowhere any more; an import means them only if it means no file that exists."""
        self._files = {**dict.fromkeys(gone, ""), **files}
        self._gone = gone - files.keys()
        order = (*self._gone, *files)
        self._python = {module: path for path in order if (module := _module(path))}
        self._edges: dict[str, Mapping[str, int]] = {}

    def targets(self, path: str) -> Mapping[str, int]:
        """The repository's own files that `path` imports, each with the line of the first such import."""
        if path not in self._edges:
            found: dict[str, int] = {}
            for one in imports(path, self._files.get(path, "")):
                for target in self.meant(path, one):
                    if target != path:
                        found.setdefault(target, one.line)
            self._edges[path] = found
        return self._edges[path]

    def way(self, start: str, goal: str, *, modules_max: int) -> tuple[str, ...]:
        """A shortest chain of imports from `start` to `goal`, both included; () if none within `modules_max` modules."""
        came: dict[str, str] = {start: ""}
        queue = [start]
        for path in queue:
            if path == goal:
                return _chain(came, goal)
            if len(came) > modules_max:
                return ()
            for target in self.targets(path):
                if target not in came:
                    came[target] = path
                    queue.append(target)
        return ()

    def owns(self, name: str) -> bool:
        """Whether a Python name is a module or package of the repository, wherever its source folder begins."""
        return any(module == name or module.startswith(f"{name}.") for module in self._python) or any(
            f"/{name}/" in f"/{path}" or path.endswith(f"{name}.py") for path in self._files
        )

    def importers(self, goals: Set[str]) -> Iterator[tuple[str, str, Import]]:
        """Each import of one of `goals` by another file: who, whom, and the import."""
        hints = {part for goal in goals for part in _hints(goal)}
        for path, text in self._files.items():
            if any(hint in text for hint in hints):
                for one in imports(path, text):
                    yield from (
                        (path, target, one)
                        for target in self.meant(path, one)
                        if target in goals and target != path
                    )

    def meant(self, path: str, one: Import) -> Iterator[str]:
        """The repository's own files that this import of `path` leads to."""
        if path.endswith(SCRIPTS):
            yield from self._script(path, one.target)
            return
        base = _absolute(path, one.target)
        from_names = [f"{base}.{name}" for name in one.names if f"{base}.{name}" in self._python]
        for module in from_names or [base]:
            if module in self._python:
                yield self._python[module]

    def _script(self, path: str, target: str) -> Iterator[str]:
        if not target.startswith("."):
            return
        plain = _joined(PurePosixPath(path).parent, target)
        stem = plain.removesuffix(".js").removesuffix(".mjs")
        names = [
            plain,
            *(stem + suffix for suffix in SCRIPTS),
            *(f"{plain}/index{suffix}" for suffix in SCRIPTS),
        ]
        found = [name for name in names if name in self._files]
        yield from sorted(found, key=self._gone.__contains__)[:1]


def _hints(path: str) -> tuple[str, ...]:
    """Words of which every import of `path` holds one."""
    pure = PurePosixPath(path)
    is_package = pure.stem in ("__init__", "index")
    return (pure.parent.name or "import",) if is_package else (pure.stem,)


def _chain(came: Mapping[str, str], goal: str) -> tuple[str, ...]:
    chain = [goal]
    while came[chain[-1]]:
        chain.append(came[chain[-1]])
    return tuple(reversed(chain))


def _module(path: str) -> str:
    """The dotted name of a Python file, counted from the repository's root or its `src` folder."""
    if not path.endswith(".py"):
        return ""
    parts: Sequence[str] = PurePosixPath(path).with_suffix("").parts
    parts = parts[1:] if parts[:1] == ("src",) else parts
    return ".".join(parts[:-1] if parts[-1:] == ("__init__",) else parts)


def _absolute(path: str, target: str) -> str:
    """ "..a.b" as seen from `path` → the dotted name from the root."""
    dots = len(target) - len(target.lstrip("."))
    if not dots:
        return target
    module = _module(path.removesuffix("i") if path.endswith(".pyi") else path).split(".")
    is_package = PurePosixPath(path).stem == "__init__"
    keep = len(module) - dots + is_package
    return ".".join([*module[: max(keep, 0)], *filter(None, [target.lstrip(".")])])


def _joined(folder: PurePosixPath, target: str) -> str:
    parts = list(folder.parts)
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)
