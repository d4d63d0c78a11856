"""What models are shown of a module: its outline, and as much of its source as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from workers.analysis.pages.topics import Topic
from workers.analysis.structure.model import Module, public

DOCS_MAX_CHARS = 600
LINES_A_TOPIC_MAX = 60
CUT = "[…]"


def one_line(module: Module, names_max: int) -> str:
    """The module's path, language, first sentence and public names."""
    names = list(dict.fromkeys(one.name for one in public(module)))
    shown = ", ".join(names[:names_max]) + (
        f" and {len(names) - names_max} more" if len(names) > names_max else ""
    )
    docs = module.docs.partition("\n")[0][:200]
    return f"{module.path} ({module.language}): {docs}\n  {shown}"


def outline(topics: Sequence[Topic], max_chars: int) -> str:
    """Each topic's heading, signatures and own documentation; the documentation is cut where there is no room."""
    room = max(0, max_chars - sum(len(one.heading) + len(one.code) for one in topics))
    each = min(DOCS_MAX_CHARS, room // max(1, len(topics)))
    return "\n\n".join(_topic(one, each) for one in topics)[:max_chars]


def _topic(topic: Topic, docs_max_chars: int) -> str:
    docs = topic.docs if len(topic.docs) <= docs_max_chars else f"{topic.docs[:docs_max_chars]} {CUT}"
    return f"name: {topic.heading}\n{topic.code}" + (f"\n{docs}" if docs_max_chars else "")


def source(text: str, topics: Sequence[Topic], max_chars: int) -> str:
    """The whole text, or the first lines of each topic, in order, as far as there is room."""
    if len(text) <= max_chars:
        return text
    lines, parts, at, left = text.split("\n"), list[str](), 0, max_chars
    for start, end in sorted({(one.start, one.end) for topic in topics for one in topic.members}):
        first, last = max(at, start - 1), min(end, start - 1 + LINES_A_TOPIC_MAX)
        part = "\n".join(lines[first:last])
        if first >= last or len(part) > left:
            continue
        parts += [CUT, part] if first > at else [part]
        at, left = last, left - len(part) - len(CUT)
    return "\n".join([*parts, CUT])
