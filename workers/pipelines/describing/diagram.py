"""The diagram of a change: the modules that it touches and who imports whom among them, drawn from the code alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from workers.analysis.imports import ModuleGraph
from workers.domain.change import ChangedFile, Snapshot
from workers.domain.description import Diagram, Node

NODES_MAX = 15
EDGES_MAX = 40
REST = "…"
"""The box of all folders that have none of their own."""

Edge = tuple[str, str]


def diagram_of(files: Sequence[ChangedFile], snapshot: Snapshot) -> Diagram | None:
    """Files, or their folders where there are too many; None when no touched file imports another.

    Reads every changed module: not for the event loop.
    """
    touched = sorted(file.path for file in files if file.omitted is None and file.path in snapshot.files)
    edges = _imports(touched, snapshot)
    joined = sorted({path for edge in edges for path in edge})
    if not joined:
        return None
    box = {path: path for path in joined}
    if len(joined) > NODES_MAX:
        box = _folders(joined)
    return _drawn(box, edges, len(touched) - len(joined))


def in_order(diagram: Diagram | None) -> bool:
    """Whether it can be drawn: every box has a name of its own, and every line two boxes. No diagram is in order."""
    if diagram is None:
        return True
    names = [node.path for node in diagram.nodes]
    ends = [end for edge in diagram.edges for end in edge]
    return all(names) and len(set(names)) == len(names) and all(0 <= end < len(names) for end in ends)


def _imports(touched: Sequence[str], snapshot: Snapshot) -> list[Edge]:
    graph, known = ModuleGraph(snapshot.files), frozenset(touched)
    return [(path, target) for path in touched for target in graph.targets(path) if target in known]


def _folders(paths: Sequence[str]) -> dict[str, str]:
    """path → its folder, as deep as so few boxes can be; folders beyond that share one."""
    deepest = max(len(PurePosixPath(path).parts) for path in paths)
    for depth in range(deepest - 1, 0, -1):
        box = {path: _folder(path, depth) for path in paths}
        if len(set(box.values())) <= NODES_MAX:
            return box
    return _largest({path: _folder(path, 1) for path in paths})


def _largest(box: dict[str, str]) -> dict[str, str]:
    counts = Counter(box.values())
    kept = sorted(counts, key=lambda name: (-counts[name], name))[: NODES_MAX - 1]
    return {path: name if name in kept else REST for path, name in box.items()}


def _folder(path: str, depth: int) -> str:
    parts = PurePosixPath(path).parts[:-1][:depth]
    return f"{'/'.join(parts)}/" if parts else "./"


def _drawn(box: dict[str, str], edges: Iterable[Edge], left_out: int) -> Diagram | None:
    counts = Counter(box.values())
    places = {name: place for place, name in enumerate(sorted(counts))}
    between = {(places[box[one]], places[box[other]]) for one, other in edges if box[one] != box[other]}
    if not between:
        return None
    nodes = tuple(Node(name, counts[name]) for name in places)
    return Diagram(nodes, tuple(sorted(between)[:EDGES_MAX]), left_out)
