"""Reviews whose every text tries to break the layout: what stands in titles, paths and names of strangers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tests.workers.github.reviews_by_hand import CALL, FINDING, review
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.change import Omission
from workers.domain.finding import Doubt, Finding, Severity, Source, State
from workers.domain.review import Coverage, Review, Verdict

PIECES = (
    *("word", "a", "get_user_permission_level_for_the_account", "a/b/c/d", "—" * 30, "W" * 80, "i" * 90, "x" * 300),
    *("日本語のとても長い文章がここにある", "שלום עולם", "مرحبا بالعالم", "\ufdfd", "\U0001242b" * 2, "🔥🔥"),
    *("e\u0301\u0323" * 9, "\u202e", "\u200b", "@octo", "#1", "$x^2$"),
    *("|", "||", "\\|", "\\", "&#124;", "`a|b`", "`", "``", "```", "~~~", "\n", "\r\n", "\n\n", "\u2028", "\t", "\x00"),
    *("<b>", "</td>", "</table>", "<details>", "<summary>", "</details>", "<!--", "-->", "&lt;", "<br>", "<td>"),
    *("**", "__", "~~", "\n# h", "\n- x", "\n1. x", "\n> q", "\n---\n", "\n| a | b |\n| - | - |"),
    *("https://evil.example/" + "y" * 90, "[l](https://github.com/octo/repo/blob/aaa/x.py)"),
)  # fmt: skip
"""Words without an end, wide and missing letters, right to left, and all that Markdown and HTML act on."""

Text = Callable[[int], str]


def written(chance: random.Random) -> Text:
    """A maker of texts of at most so many pieces."""

    def text(most: int) -> str:
        joint = chance.choice(["", " "])
        return joint.join(chance.choice(PIECES) for _ in range(chance.randint(1, most)))

    return text


def hostile_review(seed: int) -> Review:
    """Any verdict, up to thirty findings, in a first round or a later one."""
    chance = random.Random(seed)
    text = written(chance)
    findings = tuple(_finding(chance, text, number) for number in range(chance.choice([0, 1, 3, 10, 30])))
    later = [Adjudication(_finding(chance, text, 0), Fate.OPEN, fate, text(4), text(6)) for fate in Fate]
    return review(
        verdict=chance.choice(list(Verdict)),
        reason=text(60),
        findings=findings,
        refuted=findings[: chance.choice([0, 2])],
        progress=Converged(findings, frozenset("ab"), rulings=tuple(later[: chance.randint(0, 6)])),
        notices=tuple(text(30) for _ in range(chance.choice([0, 1, 3, 9]))),
        walkthrough=text(50),
        config_origin=text(40),
        calls=tuple(replace(CALL, model=text(3), stage=text(3)) for _ in range(chance.choice([0, 2, 40]))),
        coverage=tuple(_file(chance, text, number) for number in range(chance.choice([0, 3, 60]))),
    )


def _finding(chance: random.Random, text: Text, number: int) -> Finding:
    doubts = tuple(
        Doubt(_source(chance, text), text(20), text(4)) for _ in range(chance.choice([0, 0, 1, 5]))
    )
    return replace(
        FINDING,
        severity=chance.choice(list(Severity)),
        state=chance.choice(list(State)),
        path=chance.choice(
            ["src/a.py", "x" * 200 + ".py", "日本/" * 30, "/".join(text(2) for _ in range(9))]
        ),
        line=chance.choice([None, 5, 123_456]),
        title=text(chance.choice([4, 30])),
        description=text(30),
        recommendation=text(10),
        evidence=text(10),
        sources=tuple(_source(chance, text) for _ in range(chance.randint(0, 6))),
        stood=tuple(_source(chance, text) for _ in range(chance.choice([0, 1, 3]))),
        doubts=doubts,
        fingerprint=f"{number:016x}",
    )


def _source(chance: random.Random, text: Text) -> Source:
    return Source(chance.choice(["tool", "model"]), text(3), text(2))


def _file(chance: random.Random, text: Text, number: int) -> Coverage:
    readers = tuple(text(2) for _ in range(chance.randint(0, 9)))
    return Coverage(f"{text(6)}{number}", readers, chance.choice([None, *Omission]), text(9))
