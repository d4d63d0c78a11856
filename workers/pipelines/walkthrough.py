"""What a change touches, told without a model: files by language and status, lines added and removed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from workers.analysis.languages import is_test_path, language_of
from workers.domain.change import ChangedFile

GROUPS_MAX = 12
NAMES_MAX = 5


def walkthrough(files: Sequence[ChangedFile]) -> str:
    """A Markdown list, the most changed kind of file first; "" for no files. Paths stand in code spans."""
    groups: dict[str, list[ChangedFile]] = defaultdict(list)
    for file in files:
        groups[_kind(file)].append(file)
    order = sorted(groups.items(), key=lambda item: (-_size(item[1]), item[0]))
    lines = [_line(kind, members) for kind, members in order[:GROUPS_MAX]]
    if len(order) > GROUPS_MAX:
        rest = [file for _, members in order[GROUPS_MAX:] for file in members]
        lines.append(f"- {len(rest)} more of {len(order) - GROUPS_MAX} other kinds")
    return "\n".join(lines)


def _kind(file: ChangedFile) -> str:
    language = language_of(file.path, file.text or "")
    name = language.value if language is not None else "other"
    return f"{name} tests" if is_test_path(file.path) else name


def _line(kind: str, files: Sequence[ChangedFile]) -> str:
    added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
    largest = sorted(files, key=lambda file: (-file.additions - file.deletions, file.path))[:NAMES_MAX]
    names = ", ".join(f"`{file.path.replace('`', '')}` ({file.status.value})" for file in largest)
    more = f" and {len(files) - NAMES_MAX} more" if len(files) > NAMES_MAX else ""
    return (
        f"- **{kind}**, {len(files)} file{'s' if len(files) != 1 else ''}, +{added} −{removed}: {names}{more}"
    )


def _size(files: Iterable[ChangedFile]) -> int:
    return sum(file.additions + file.deletions for file in files)
