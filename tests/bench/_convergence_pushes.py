"""What people do to a pull request between two reviews, on texts that keep the truth."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.bench._convergence_defects import KINDS, Kind
from tests.bench._convergence_lines import (
    Line,
    Text,
    Tree,
    blocks,
    followed,
    fresh,
    live,
    of_defect,
    parses,
    retagged,
    spliced,
)

INDENT = "    "
_NUMBERED = re.compile(r"\b([a-z]+)(\d{3,})\b")


@dataclass(frozen=True, slots=True)
class State:
    """A pull request at one head: what it is based on, what it holds, which defects were seeded (by number) and out of
    which `kinds`, and which files were taken out.
    """

    base: Tree
    head: Tree
    seeded: Mapping[int, Kind] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = KINDS
    removed: Tree = field(default_factory=dict)

    @property
    def open(self) -> list[int]:
        """The defects in the head that are not in the base."""
        return sorted(live(self.head) - live(self.base))


Step = Callable[[State, random.Random], State]
"""Leaves the state alone where it can't be done."""


def seed(state: State, chance: random.Random, number: int) -> State:
    """A new defect in some function of the head."""
    kind = chance.choice(state.kinds)
    for path in chance.sample(sorted(state.head), len(state.head)):
        slots = [slot for block in blocks(state.head[path]) for slot in block.slots]
        if slots:
            at, indent = chance.choice(slots)
            code = kind.bad.replace("§", str(number)).split("\n")
            lines = fresh([" " * indent + line for line in code], number)
            head = spliced(state.head, path, at, at, lines)
            return _if_parsing(state, head, path, replace(state, seeded={**state.seeded, number: kind}))
    return state


def fix(state: State, chance: random.Random) -> State:
    """The cure in its place."""
    return _rewritten(state, chance, lambda kind: kind.good, cured=True)


def cut(state: State, chance: random.Random) -> State:
    """The statement is taken out."""
    if not state.open:
        return state
    path, start, end = of_defect(state.head, chance.choice(state.open))
    return _if_parsing(state, spliced(state.head, path, start, end, ()), path)


def reword(state: State, chance: random.Random) -> State:
    """As bad as before, in other words: its code is changed and its defect is not."""
    return _rewritten(state, chance, lambda kind: kind.other, cured=False)


def rename_names(state: State, chance: random.Random) -> State:
    """A variable of a defect gets another name in the whole file; the lines count as changed, the defect as the same."""
    if not state.open:
        return state
    path, start, end = of_defect(state.head, chance.choice(state.open))
    names = _NUMBERED.findall("\n".join(line.text for line in state.head[path][start:end]))
    if not names:
        return state
    stem, number = chance.choice(names)
    old, new = f"{stem}{number}", f"{stem}_of_{number}"
    return _edited(state, path, lambda line: re.sub(rf"\b{old}\b", new, line.text))


def reformat(state: State, chance: random.Random) -> State:
    """Calls broken into lines, as a formatter does; nothing else."""
    head = dict(state.head)
    for path in chance.sample(sorted(head), min(2, len(head))):
        text: Text = ()
        for line in head[path]:
            text += _wrapped(line) if chance.random() < 0.5 or line.defect is not None else (line,)
        if parses(text):
            head[path] = text
    return replace(state, head=head)


def indent(state: State, chance: random.Random) -> State:
    """The defect comes under a condition."""
    if not state.open:
        return state
    path, start, end = of_defect(state.head, chance.choice(state.open))
    lines = state.head[path][start:end]
    margin = lines[0].text[: len(lines[0].text) - len(lines[0].text.lstrip())]
    deeper = [retagged(line, INDENT + line.text) for line in lines]
    head = spliced(state.head, path, start, end, (*fresh([f"{margin}if wanted:"]), *deeper))
    return _if_parsing(state, head, path)


def shift(state: State, chance: random.Random) -> State:
    """New lines at the top of files."""
    head = dict(state.head)
    for path in chance.sample(sorted(head), min(2, len(head))):
        head[path] = (*fresh(f"# {chance.random()}" for _ in range(chance.randint(3, 30))), *head[path])
    return replace(state, head=head)


def grow(state: State, chance: random.Random) -> State:
    """A new function at the end of a file."""
    path = chance.choice(sorted(state.head))
    number = chance.randrange(10**6)
    lines = ["", "", f"def added_{number}(value):", f"    other = value + {number}", "    return other * 2"]
    return replace(state, head={**state.head, path: (*state.head[path], *fresh(lines))})


def move_down(state: State, chance: random.Random) -> State:
    """The function around a defect goes to the end of its file."""
    if (cut_out := _function(state, chance)) is None:
        return state
    path, function, rest = cut_out
    head = {**state.head, path: (*rest, *fresh(["", ""]), *function)}
    return _if_parsing(state, head, path)


def move_away(state: State, chance: random.Random) -> State:
    """The function around a defect goes to a new file."""
    if (cut_out := _function(state, chance)) is None:
        return state
    path, function, rest = cut_out
    other = f"{path.rpartition('/')[0]}/part_{chance.randrange(10**6)}.py".lstrip("/")
    head = {**state.head, path: rest, other: (*fresh(['"""A part."""', "", ""]), *function)}
    return _if_parsing(state, head, path)


def rename_file(state: State, chance: random.Random) -> State:
    """A file of the change gets another name."""
    path = chance.choice(sorted(state.head))
    other = path.removesuffix(".py") + f"_{chance.randrange(10**6)}.py"
    return replace(state, head={other if at == path else at: text for at, text in state.head.items()})


def remove_file(state: State, chance: random.Random) -> State:
    """A file with a defect is deleted."""
    if not state.open or len(state.head) < 2:
        return state
    path, _, _ = of_defect(state.head, chance.choice(state.open))
    head = {other: text for other, text in state.head.items() if other != path}
    return replace(state, head=head, removed={**state.removed, path: state.head[path]})


def bring_back(state: State, chance: random.Random) -> State:
    """A deleted file comes back as it was."""
    gone = sorted(path for path in state.removed if path not in state.head)
    if not gone:
        return state
    path = chance.choice(gone)
    return replace(state, head={**state.head, path: state.removed[path]})


def repeat(state: State, chance: random.Random, number: int) -> State:
    """The very code of a defect once more, elsewhere in its file: two with one identity."""
    if not state.open:
        return state
    old = chance.choice(state.open)
    path, start, end = of_defect(state.head, old)
    lines = [line.text for line in state.head[path][start:end]]
    margin = len(lines[0]) - len(lines[0].lstrip())
    slots = [slot for block in blocks(state.head[path]) for slot in block.slots if slot[1] == margin]
    slots = [slot for slot in slots if not start <= slot[0] <= end]
    if not slots:
        return state
    at, _ = chance.choice(slots)
    head = spliced(state.head, path, at, at, fresh(lines, number))
    seeded = {**state.seeded, number: state.seeded[old]}
    return _if_parsing(state, head, path, replace(state, seeded=seeded))


def advance_base(state: State, chance: random.Random) -> State:
    """The base gets new lines at the top of a file that the pull request changes, and a file of its own; so does it."""
    if not state.base:
        return state
    both = sorted(set(state.base) & set(state.head)) or sorted(state.base)
    path, other = chance.choice(both), f"aside_{chance.randrange(10**6)}.py"
    lines = fresh(f"# base {chance.random()}" for _ in range(chance.randint(2, 15)))
    aside = fresh(["def aside(value):", "    other = value", "    return other"])
    base = {**state.base, path: (*lines, *state.base[path]), other: aside}
    head = {**state.head, other: aside}
    if path in head:
        head[path] = (*lines, *head[path])
    return replace(state, base=base, head=head)


def take_over(state: State, chance: random.Random) -> State:
    """The base takes a file as the pull request has it: it is no part of the change any more."""
    path = chance.choice(sorted(state.head))
    return replace(state, base={**state.base, path: state.head[path]})


def _rewritten(state: State, chance: random.Random, code: Callable[[Kind], str], *, cured: bool) -> State:
    if not state.open:
        return state
    defect = chance.choice(state.open)
    path, start, end = of_defect(state.head, defect)
    old = state.head[path][start:end]
    margin = old[0].text[: len(old[0].text) - len(old[0].text.lstrip())]
    named = _NUMBERED.search("\n".join(line.text for line in old))
    number = named[2] if named else str(defect)
    wanted = [margin + line for line in code(state.seeded[defect]).replace("§", number).split("\n")]
    lines = [replace(line, defect=None if cured else defect) for line in followed(old, wanted)]
    return _if_parsing(state, spliced(state.head, path, start, end, lines), path)


def _edited(state: State, path: str, edit: Callable[[Line], str]) -> State:
    changed = [(line, edit(line)) for line in state.head[path]]
    text = tuple(line if text == line.text else fresh([text], line.defect)[0] for line, text in changed)
    return _if_parsing(state, {**state.head, path: text}, path)


def _wrapped(line: Line) -> Text:
    """`f(a, b)` on three lines; anything else as it is."""
    text = line.text.rstrip()
    opening = text.find("(")
    if (
        not text.endswith(")")
        or opening < 1
        or text.count("(") != text.count(")")
        or "#" in text
        or text.endswith("()")
    ):
        return (line,)
    margin = text[: len(text) - len(text.lstrip())]
    inner = text[opening + 1 : -1]
    parts = [text[: opening + 1], f"{margin}{INDENT}{inner},", f"{margin})"]
    return tuple(retagged(line, part) for part in parts) if parses(_alone(parts)) else (line,)


def _alone(parts: list[str]) -> Text:
    margin = len(parts[0]) - len(parts[0].lstrip())
    return tuple(Line(part[margin:], 0) for part in parts)


def _function(state: State, chance: random.Random) -> tuple[str, Text, Text] | None:
    """Path, the top-level function around a defect, and what is left of the file."""
    if not state.open:
        return None
    path, start, _ = of_defect(state.head, chance.choice(state.open))
    text = state.head[path]
    block = next((one for one in blocks(text) if one.start <= start < one.end), None)
    if block is None:
        return None
    return path, text[block.start : block.end], (*text[: block.start], *text[block.end :])


def _if_parsing(state: State, head: Tree, path: str, after: State | None = None) -> State:
    return replace(after or state, head=head) if parses(head[path]) else state
