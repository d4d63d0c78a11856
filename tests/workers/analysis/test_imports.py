"""Imports are read from the start of lines, and lead to files."""

from __future__ import annotations

import pytest

from workers.analysis.imports import ModuleGraph, imports


@pytest.mark.parametrize(
    ("path", "text", "targets"),
    [
        ("a.py", "import a.b as c, d\nfrom .e import (\n  f,  # why\n  g,\n)\n", ["a.b", "d", ".e"]),
        ("a.py", "def f():\n    import a\n", []),
        ("a.ts", 'import { a,\n b } from "./c";\nexport * from \'d\';\nimport "e";\n', ["./c", "d", "e"]),
        ("a.js", 'const { a } = require("b");\n', ["b"]),
        ("a.ts", 'import type { A } from "b";\n', []),
        ("a.rb", "import a\n", []),
    ],
)
def test_module_level_imports(path: str, text: str, targets: list[str]) -> None:
    assert [one.target for one in imports(path, text)] == targets


FILES = {
    "src/app/__init__.py": "",
    "src/app/a.py": "from . import b\nfrom .sub.c import x\n",
    "src/app/b.py": "import app.sub.c\n",
    "src/app/sub/__init__.py": "",
    "src/app/sub/c.py": "from ..a import y\n",
    "web/index.ts": 'import "./lib";\n',
    "web/lib/index.js": 'import "../../outside";\nimport "../../../../up";\n',
}


def test_edges_lead_to_files() -> None:
    graph = ModuleGraph(FILES)
    assert graph.targets("src/app/a.py") == {"src/app/b.py": 1, "src/app/sub/c.py": 2}
    assert graph.targets("web/index.ts") == {"web/lib/index.js": 1}
    assert graph.targets("web/lib/index.js") == {}


def test_shortest_way_is_found_within_the_limit() -> None:
    graph = ModuleGraph(FILES)
    assert graph.way("src/app/b.py", "src/app/a.py", modules_max=9) == (
        "src/app/b.py",
        "src/app/sub/c.py",
        "src/app/a.py",
    )
    assert graph.way("src/app/b.py", "web/index.ts", modules_max=9) == ()


@pytest.mark.parametrize(
    "text", ["import " + "a," * 200_000, "import {" + " \n" * 200_000, "from . import (" * 50_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    assert len(list(imports("a.py", text))) + len(list(imports("a.ts", text))) <= 200_000
