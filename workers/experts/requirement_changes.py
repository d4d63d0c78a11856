"""What a manifest asks for now: one list of what changed, and the requirements that are a danger by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workers.analysis.before import text_before
from workers.analysis.manifests import Requirement, requirements
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View

NAMES_MAX = 12
INSECURE = ("http://", "git+http://", "@ http://", "git://", "git+git://")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a manifest or lockfile, before it has a place."""

    rule: str
    severity: Severity
    title: str
    description: str
    recommendation: str
    confidence: float = 0.85


@dataclass(frozen=True, slots=True)
class Difference:
    """Requirements before and after a change, by name."""

    old: Mapping[str, Requirement]
    new: Mapping[str, Requirement]

    @property
    def added(self) -> list[Requirement]:
        """New names."""
        return [one for name, one in self.new.items() if name not in self.old]

    @property
    def removed(self) -> list[Requirement]:
        """Names that are gone."""
        return [one for name, one in self.old.items() if name not in self.new]

    @property
    def moved(self) -> list[tuple[Requirement, Requirement]]:
        """Old and new of each name that asks for another version or address."""
        both = ((self.old[name], one) for name, one in self.new.items() if name in self.old)
        return [(old, new) for old, new in both if old.wanted != new.wanted]

    @property
    def any(self) -> bool:
        """Whether anything else is asked for."""
        return bool(self.added or self.removed or self.moved)


def difference(file: ChangedFile) -> Difference | None:
    """What `file` asks for now and asked for before; None for no manifest, or one that can't be read."""
    if file.status is FileStatus.REMOVED or file.text is None:
        return None
    before = text_before(file)
    old = requirements(file.path, before) if before else ({} if before == "" else None)
    new = requirements(file.path, file.text)
    return None if old is None or new is None else Difference(old, new)


def requirement_changes(view: View) -> Iterator[Finding]:
    """A finding for each dangerous new requirement, and one low one a manifest that lists the noteworthy rest."""
    for file in view.change.files:
        changed = difference(file)
        if changed is not None:
            for one in (*changed.added, *(new for _, new in changed.moved)):
                yield from (placed(remark, file, view, _line_of(one, file)) for remark in _dangers(one))
            yield from (placed(remark, file, view) for remark in _list(changed, file))


def placed(remark: Remark, file: ChangedFile, view: View, line: int | None = None) -> Finding:
    """The finding that a remark is at a line of `file`, or about the whole of it."""
    return Finding(
        aspect=Aspect.DEPENDENCY,
        severity=remark.severity,
        rule=f"manifest/{remark.rule}",
        path=file.path,
        title=remark.title,
        description=remark.description,
        recommendation=remark.recommendation,
        line=line,
        evidence=view.quote(file.path, line) if line else "",
        confidence=remark.confidence,
        sources=(Source("tool", "manifest", remark.rule),),
    )


def _line_of(wanted: Requirement, file: ChangedFile) -> int | None:
    """The added line that names it."""
    lines = (file.text or "").split("\n")
    added = (number for number in sorted(file.added_lines()) if number <= len(lines))
    name = wanted.name.rpartition(":")[2].lower()
    return next((number for number in added if name in lines[number - 1].lower()), None)


def _dangers(new: Requirement) -> Iterator[Remark]:
    if new.wanted.startswith(INSECURE):
        yield Remark(
            "plain-http",
            Severity.HIGH,
            f"`{new.name}` is fetched without encryption",
            f"`{new.wanted}` can be replaced by anyone on the way, and what arrives is run (CWE-494).",
            "Use https and a checksum, or the package index.",
        )
    elif new.is_address and not new.is_fixed:
        yield Remark(
            "moving-address",
            Severity.MEDIUM,
            f"`{new.name}` comes from an address that can change",
            f"`{new.wanted}` names no commit and no checksum: tomorrow's build may hold other code than today's.",
            "Pin a full commit hash, or use a released version.",
        )


def _list(changed: Difference, file: ChangedFile) -> Iterator[Remark]:
    """Nothing for a manifest that is new as a whole, or that only moves versions within their major ones."""
    majors = [(old, new) for old, new in changed.moved if _is_major(old, new)]
    loose = [one for one in (*changed.added, *(new for _, new in changed.moved)) if one.is_unbounded]
    news = bool(changed.added or changed.removed) and file.status is not FileStatus.ADDED
    if majors or loose or news:
        said = " ".join(f"{label}: {_cut(names)}." for label, names in _rows(changed, majors, loose) if names)
        title, advice = _title(changed, loose), _advice(majors, loose, changed)
        yield Remark("changes", Severity.LOW, title, said, advice)


def _rows(
    changed: Difference, majors: list[tuple[Requirement, Requirement]], loose: list[Requirement]
) -> Iterator[tuple[str, list[str]]]:
    yield "Without a version", [f"`{one.name}`" for one in loose]
    yield "Another major version", [f"`{new.name}` {_way(old, new)}" for old, new in majors]
    yield "Added", [_named(one) for one in changed.added if one not in loose]
    yield "Removed", [_named(one) for one in changed.removed]
    rest = [(old, new) for old, new in changed.moved if (old, new) not in majors]
    yield "Moved", [f"`{new.name}` {_way(old, new)}" for old, new in rest]


def _title(changed: Difference, loose: list[Requirement]) -> str:
    counts = ((len(changed.added), "added"), (len(changed.removed), "removed"), (len(changed.moved), "moved"))
    parts = [f"{count} {word}" for count, word in (*counts, (len(loose), "without a version")) if count]
    return f"Dependencies: {', '.join(parts)}"


def _advice(majors: object, loose: object, changed: Difference) -> str:
    advice = (
        ("Read the changelogs of other major versions for what was removed, and check its uses.", majors),
        ("Name the least version that works, and the major version it may not cross.", loose),
        ("See that each new package is the one that is meant, is kept up, and is needed.", changed.added),
        ("See that nothing imports what was removed.", changed.removed),
    )
    return " ".join(text for text, applies in advice if applies)


def _is_major(old: Requirement, new: Requirement) -> bool:
    return new.major is not None and old.major is not None and new.major != old.major


def _named(one: Requirement) -> str:
    return f"`{one.name}` {one.wanted}".strip()


def _way(old: Requirement, new: Requirement) -> str:
    return f"{old.wanted or 'any'} → {new.wanted or 'any'}"


def _cut(names: list[str]) -> str:
    more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
    return ", ".join(names[:NAMES_MAX]) + more
