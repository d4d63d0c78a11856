"""A gathered remark stands as long as one of its lines does, wherever that went."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workers.experts.rounds import after, earlier, fates, said
from workers.domain.adjudication import Converged, Fate
from workers.domain.finding import Aspect, Finding, Severity, Source

OPENED = "text = open(place).read()"
CLOSED = "with open(place) as file:\n        text = file.read()"
FIRST = f"def one(place):\n    {OPENED}\n    return text\n"
LAST = f"def two(place):\n    {OPENED}\n    return text.strip()\n"
TEXT = f"{FIRST}\n\n{LAST}"
MOVED = f'"""A part."""\n\n\n{LAST}'


def remark(text: str, path: str = "run.py") -> Finding:
    """What an analyser says of all places of the defect in `text`."""
    one = said(
        "open(place).read", text, path, rule="ruff/SIM115", severity=Severity.LOW, aspect=Aspect.QUALITY
    )
    others = [number for number, line in enumerate(text.split("\n"), 1) if "open(place).read" in line][1:]
    return replace(one, others=tuple(others))


def then(now: dict[str, str], *, agreed: bool = False) -> Converged:
    """The round on `now`, in which the analyser says what there is to say."""
    found = [remark(text, path) for path, text in now.items() if "open(place).read" in text]
    told = remark(TEXT)
    if agreed:
        told = replace(told, sources=(*told.sources, Source("model", "m", "unclosed-file")))
    return after(earlier(told), now, found, before={"run.py": TEXT})


MENDED = FIRST.replace(OPENED, CLOSED)


@pytest.mark.parametrize("agreed", [False, True])
@pytest.mark.parametrize(
    ("now", "fate", "place"),
    [
        ({"run.py": TEXT}, Fate.OPEN, ("run.py", 2, (7,))),
        ({"run.py": TEXT.replace(OPENED, CLOSED, 1)}, Fate.OPEN, ("run.py", 8, ())),
        ({"run.py": TEXT.replace(LAST, LAST.replace(OPENED, CLOSED))}, Fate.OPEN, ("run.py", 2, ())),
        ({"run.py": MENDED, "part.py": MOVED}, Fate.OPEN, ("part.py", 5, ())),
        ({"run.py": MENDED, "part.py": MOVED.replace(OPENED, CLOSED)}, Fate.FIXED, None),
        ({"run.py": TEXT.replace(OPENED, CLOSED)}, Fate.FIXED, None),
        ({"part.py": MOVED}, Fate.OPEN, ("part.py", 5, ())),
        ({"other.py": "x = 1\n"}, Fate.OUTDATED, None),
    ],
)
def test_it_is_fixed_when_all_its_lines_are(
    now: dict[str, str], fate: Fate, place: tuple[str, int, tuple[int, ...]] | None, agreed: bool
) -> None:
    round_ = then(now, agreed=agreed)
    assert fates(round_) == [fate]
    assert not round_.fresh
    assert [(one.path, one.line, one.others) for one in round_.findings] == ([place] if place else [])


def test_a_line_more_is_remembered_with_the_others() -> None:
    more = TEXT + LAST.replace("two", "three").replace("\n    return text.strip()", "\n    return text * 2")
    round_ = then({"run.py": more})
    assert (fates(round_), round_.fresh) == ([Fate.OPEN], frozenset())
    assert [(one.line, one.others) for one in round_.findings] == [(2, (7, 10))]


def test_a_model_s_word_on_a_new_line_is_no_repeat_of_the_remark() -> None:
    more = TEXT.replace("def two", f"def three(place):\n    {OPENED}\n    return text * 2\n\n\ndef two")
    gathered = replace(remark(more), others=(12,))
    own = replace(remark(more), line=7, others=(), sources=(*gathered.sources, Source("model", "m", "leak")))
    round_ = after(earlier(remark(TEXT)), {"run.py": more}, [gathered, own], before={"run.py": TEXT})
    assert [one.line for one in round_.findings if one.fingerprint in round_.fresh] == [7]
