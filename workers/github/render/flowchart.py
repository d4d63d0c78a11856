"""A diagram as mermaid's `flowchart LR`: our own ids, and labels in which nothing but letters stands for itself."""

from __future__ import annotations

from workers.domain.description import Diagram, Node
from workers.github.sanitise import Sanitiser

LABEL_MAX_CHARS = 60
_PLAIN = frozenset(" ./-")
"""No `_`: two of them are emphasis, and `__init__.py` would be shown as "init.py"."""


def flowchart(diagram: Diagram, sanitiser: Sanitiser) -> str:
    """A fenced block that GitHub draws. An arrow is an import; mermaid decodes `#NNN;` to the character of that number.

    https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
    """
    nodes = [f'  n{place}["{_label(node, sanitiser)}"]' for place, node in enumerate(diagram.nodes)]
    edges = [f"  n{one} --> n{other}" for one, other in diagram.edges]
    return "\n".join(["```mermaid", "flowchart LR", *nodes, *edges, "```"])


def _label(node: Node, sanitiser: Sanitiser) -> str:
    count = f" ({node.files} files)" if node.files > 1 else ""
    return "".join(map(_escaped, sanitiser.path(node.path, LABEL_MAX_CHARS) + count))


def _escaped(char: str) -> str:
    return char if char.isalnum() or char in _PLAIN else f"#{ord(char)};"
