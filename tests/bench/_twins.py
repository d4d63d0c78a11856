"""Pairs of code, weak and sound: read from `tests/fixtures/twins/<language>.txt`.

A pair is `### suffix weakness part`, the weak code, `--- good`, the sound code. Rules were written against the part
"tuned". "held" was written before the rules, and no rule was changed for it but one: a word list that keeps rules from
being built for nothing had left out a call that its rule names. "hard" was written after the rules, for what they
can't see; none was changed for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "twins"
LANGUAGES = ("python", "javascript", "java", "go")
GOOD = "--- good\n"


@dataclass(frozen=True, slots=True)
class Twin:
    """One pair: `weakness` ("CWE-89") is in `bad` and not in `good`; `part` is "tuned", "held" or "hard"."""

    name: str
    language: str
    suffix: str
    weakness: str
    part: str
    bad: str
    good: str

    @property
    def files(self) -> dict[str, str]:
        """Name → text, for tools that read files."""
        return {f"{self.name}_bad.{self.suffix}": self.bad, f"{self.name}_good.{self.suffix}": self.good}


def twins() -> tuple[Twin, ...]:
    """All pairs, in the order of the files."""
    return tuple(twin for language in LANGUAGES for twin in _of(language))


def _of(language: str) -> Iterator[Twin]:
    text = (FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    for number, block in enumerate(text.split("### ")[1:]):
        head, _, rest = block.partition("\n")
        suffix, weakness, part = head.split()
        bad, _, good = rest.partition(GOOD)
        name = f"{language}_{weakness.lower().replace('-', '')}_{number:02}"
        yield Twin(name, language, suffix, weakness, part, bad, good)
