"""Questions with the outcomes of a weak and a strong model, and how they are split."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

FOLDS = 5
TUNING_THIRD = 3
WEAK_USD_PER_MILLION = 0.24
STRONG_USD_PER_MILLION = 24.7
CHARS_PER_TOKEN = 4
ANSWER_TOKENS = 1


@dataclass(frozen=True, slots=True)
class Query:
    """A question and whether each model (0 or 1) got it right."""

    task: str
    text: str
    weak: float
    strong: float

    @property
    def gain(self) -> float:
        """What the strong model adds."""
        return self.strong - self.weak

    @property
    def tokens(self) -> float:
        """Read and written, about."""
        return len(self.text) / CHARS_PER_TOKEN + ANSWER_TOKENS

    @property
    def is_for_tuning(self) -> bool:
        """Whether scales and passes were chosen on it: such questions are trained on, no figure comes from them."""
        return sha256(self.text.encode()).digest()[0] % TUNING_THIRD == 0


def read(path: Path) -> list[Query]:
    """All questions of a file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [Query(r["task"], r["query"], r["outcomes"]["weak"], r["outcomes"]["strong"]) for r in rows]


def by_question(queries: Sequence[Query], seed: int = 1) -> list[int]:
    """A fold for each question, at random: the tasks are known."""
    folds = [index % FOLDS for index in range(len(queries))]
    Random(seed).shuffle(folds)
    return folds


def by_task(queries: Sequence[Query], seed: int = 1) -> list[int]:
    """A fold for each question, the same for all of a task: the tasks are new."""
    tasks = sorted({one.task for one in queries})
    Random(seed).shuffle(tasks)
    place = {task: index % FOLDS for index, task in enumerate(tasks)}
    return [place[one.task] for one in queries]
