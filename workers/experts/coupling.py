"""Modules and what they import: new cycles, and packages that no manifest declares."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Set
from pathlib import PurePosixPath

from workers.analysis.imports import SCRIPTS, Import, ModuleGraph, imports
from workers.analysis.languages import is_test_path
from workers.analysis.manifests import normalised, requirements
from workers.analysis.source import SourceFile
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View

CYCLE_MODULES_MAX = 400
NODE = frozenset(
    {
        "assert", "async_hooks", "buffer", "bun", "child_process", "cluster", "console", "constants", "crypto",
        "deno", "dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https",
        "inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode", "querystring", "readline",
        "repl", "stream", "string_decoder", "sys", "timers", "tls", "trace_events", "tty", "url", "util", "v8",
        "vm", "wasi", "worker_threads", "zlib",
    }
)  # fmt: skip
IMPORTED_AS = {
    "yaml": "pyyaml", "pil": "pillow", "cv2": "opencv-python", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil", "dotenv": "python-dotenv", "jwt": "pyjwt", "jose": "python-jose",
    "attr": "attrs", "magic": "python-magic", "serial": "pyserial", "usb": "pyusb", "zmq": "pyzmq",
    "openssl": "pyopenssl", "crypto": "pycryptodome", "git": "gitpython", "github": "pygithub", "docx": "python-docx",
    "mysqldb": "mysqlclient", "psycopg2": "psycopg2-binary", "skimage": "scikit-image", "slugify": "python-slugify",
    "multipart": "python-multipart", "telegram": "python-telegram-bot", "ldap": "python-ldap", "fitz": "pymupdf",
    "pkg-resources": "setuptools", "grpc": "grpcio", "faiss": "faiss-cpu", "kafka": "kafka-python",
    "rest-framework": "djangorestframework", "corsheaders": "django-cors-headers", "google": "google-api-core",
}  # fmt: skip


def cycles(view: View) -> Iterator[Finding]:
    """One finding for each added import that closes a circle between the repository's modules."""
    graph = ModuleGraph(dict(view.snapshot.files) | {source.path: source.text for source in view.sources})
    told: set[frozenset[str]] = set()
    for source in view.sources:
        for target, line in graph.targets(source.path).items():
            way = (
                graph.way(target, source.path, modules_max=CYCLE_MODULES_MAX)
                if line in source.touched
                else ()
            )
            if way and frozenset(way) not in told:
                told.add(frozenset(way))
                yield _cycle(source, line, way, view)


def _cycle(source: SourceFile, line: int, way: tuple[str, ...], view: View) -> Finding:
    circle = " → ".join(f"`{path}`" for path in (source.path, *way))
    return Finding(
        aspect=Aspect.DEPENDENCY,
        severity=Severity.MEDIUM,
        rule="imports/cycle",
        path=source.path,
        title=f"Import closes a circle of {len(way)} modules",
        description=(
            f"{circle}. Which module is loaded first decides what is defined, so imports can fail or see half a "
            "module, and none of them can be changed or tested alone."
        ),
        recommendation="Move what both sides need into a module that imports neither, or pass it as an argument.",
        line=line,
        evidence=view.quote(source.path, line),
        confidence=0.8,
        sources=(Source("tool", "imports", "cycle"),),
    )


def undeclared(view: View) -> Iterator[Finding]:
    """Added imports of packages that no manifest of the repository names. Silent when in doubt."""
    if not view.snapshot.complete:
        return
    files = dict(view.snapshot.files) | {source.path: source.text for source in view.sources}
    python, script = _declared(files)
    graph = ModuleGraph(files)
    for source in view.sources:
        if is_test_path(source.path):
            continue
        for one in imports(source.path, source.text):
            name = _foreign(source.path, one, graph, files)
            declared = script if source.path.endswith(SCRIPTS) else python
            if one.line in source.touched and name and declared and not _covers(declared, name):
                yield _undeclared(source, one, name, view)


def _declared(files: dict[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of Python distributions and of npm packages that any manifest asks for."""
    python: set[str] = set()
    script: set[str] = set()
    for path, text in files.items():
        found = requirements(path, text)
        if found is not None:
            is_npm = PurePosixPath(path).name == "package.json"
            (script if is_npm else python).update(found)
    return frozenset(python), frozenset(script)


def _foreign(path: str, one: Import, graph: ModuleGraph, files: dict[str, str]) -> str:
    """The package that an import needs from outside, or "" if it needs none or nobody can tell."""
    if path.endswith(SCRIPTS):
        return _npm_package(one.target, files)
    top = one.target.partition(".")[0]
    known = not top or top in sys.stdlib_module_names or top.startswith("_") or graph.owns(top)
    return "" if known else normalised(top)


def _npm_package(target: str, files: dict[str, str]) -> str:
    if target.startswith((".", "/", "~", "#", "@/", "$", "virtual:")) or ":" in target:
        return ""
    parts = target.split("/")
    name = "/".join(parts[:2]) if target.startswith("@") else parts[0]
    first = parts[0]
    local = any(path.startswith(f"{first}/") or f"/{first}/" in path for path in files)
    aliased = any(f'"{first}' in text for path, text in files.items() if "config" in PurePosixPath(path).name)
    return "" if first in NODE or local or aliased else name


def _covers(declared: Set[str], name: str) -> bool:
    """Whether one of the declared packages may bring the name; distributions often carry a longer one."""
    known = IMPORTED_AS.get(name, name)
    return any(known in one or one in known or name in one for one in declared)


def _undeclared(source: SourceFile, one: Import, name: str, view: View) -> Finding:
    return Finding(
        aspect=Aspect.DEPENDENCY,
        severity=Severity.MEDIUM,
        rule="imports/undeclared",
        path=source.path,
        title=f"`{name}` is imported, but no manifest declares it",
        description=(
            f"`{one.target}` is neither part of the repository nor of the standard library, and no manifest asks for "
            f"`{name}`: a fresh install fails here, or works only because another package happens to bring it."
        ),
        recommendation=f"Declare `{name}` in the manifest with a version, or remove the import.",
        line=one.line,
        evidence=view.quote(source.path, one.line),
        confidence=0.6,
        sources=(Source("tool", "imports", "undeclared"),),
    )
