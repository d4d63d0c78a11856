"""What the tests pipeline is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from config.rules.writing import TextRules
from workers.analysis.source import SourceFile
from workers.analysis.symbols import Symbol
from workers.analysis.testing.habits import Habits
from workers.analysis.testing.names import Family
from workers.analysis.testing.places import Imported
from workers.analysis.testing.proving import Proof, Verdict
from workers.domain.review import Planned
from workers.domain.usage import Call

CHARS_PER_TOKEN = 3.0
"""Rather few: what is sent must fit."""
AROUND_CHARS = 6_000
"""Of instructions and schema."""


@dataclass(frozen=True, slots=True)
class TestsRequest:
    """`files` is the repository (path → text), `complete` whether all of it. `sources` are the modules to be tested: of
    those that changed, functions that hold a `touched` line; of those that were named, any.

    `run` False: nothing is executed. Files that match `risky_paths` (globs) are for strong models only.
    """

    __test__ = False

    files: Mapping[str, str] = field(repr=False)
    complete: bool
    sources: tuple[SourceFile, ...]
    run: bool = True
    risky_paths: tuple[str, ...] = ()
    urgent: bool = False
    rules: TextRules = field(default_factory=TextRules)


@dataclass(frozen=True, slots=True)
class TestsLimits:
    """Limits of one run; after `run_total_max_s` in the sandbox no further test file is run."""

    __test__ = False

    modules_max: int = 8
    targets_max: int = 6
    mutants_max: int = 6
    asked_at_once_max: int = 4
    source_max_chars: int = 24_000
    beside_max_chars: int = 8_000
    example_max_chars: int = 6_000
    said_max_chars: int = 2_000
    output_max_tokens: int = 5_000
    timeout_s: float = 100.0
    run_total_max_s: float = 150.0

    def within(self, window_tokens: int) -> TestsLimits:
        """These limits as far as a window of so many tokens goes: at most a quarter of it is for the answer."""
        quarter = window_tokens // 4
        room = max(0, int((window_tokens - quarter) * CHARS_PER_TOKEN) - AROUND_CHARS)
        return replace(
            self,
            source_max_chars=min(self.source_max_chars, room * 4 // 10),
            beside_max_chars=min(self.beside_max_chars, room // 10),
            example_max_chars=min(self.example_max_chars, room // 10),
            said_max_chars=min(self.said_max_chars, room // 20),
            output_max_tokens=min(self.output_max_tokens, quarter),
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """A module and what of it is to be tested, the most worth it first; `test` is where its test will stand."""

    source: SourceFile
    targets: tuple[Symbol, ...]
    habits: Habits
    family: Family
    test: str
    imported: Imported

    @property
    def path(self) -> str:
        """The module's path."""
        return self.source.path

    @property
    def names(self) -> tuple[str, ...]:
        """The plain names of what is to be tested."""
        return tuple(dict.fromkeys(one.name for one in self.targets))


@dataclass(frozen=True, slots=True)
class Kept:
    """A test file that is delivered: `text` at `path`, about `targets` (whole names) of the file `subject`."""

    path: str
    text: str = field(repr=False)
    subject: str
    targets: tuple[str, ...]
    proof: Proof
    model: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A module that gets no test, what of it was to be tested, and why not (a sentence)."""

    subject: str
    targets: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Tested:
    """Everything that came of a run. `quality` is the share of the targets whose test is kept, None without targets;
    `validated` whether every kept test was run and proved, None when none is kept.
    """

    __test__ = False

    kept: tuple[Kept, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    calls: tuple[Call, ...] = ()
    planned: tuple[Planned, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def files(self) -> Mapping[str, str]:
        """The kept tests by their paths."""
        return {one.path: one.text for one in self.kept}

    @property
    def targets(self) -> int:
        """How many functions were to be tested."""
        named = [one.targets for one in self.kept] + [one.targets for one in self.dropped]
        return sum(map(len, named))

    @property
    def executed(self) -> bool:
        """Whether every kept test was run; True of none."""
        return all(one.proof.verdict is not Verdict.NOT_EXECUTED for one in self.kept)

    @property
    def killed(self) -> int:
        """Mistakes made on purpose that the kept tests noticed."""
        return sum(one.proof.killed for one in self.kept)

    @property
    def mutants(self) -> int:
        """Mistakes made on purpose in what the kept tests are about."""
        return sum(one.proof.mutants for one in self.kept)

    @property
    def quality(self) -> float | None:
        """The share of the targets whose test is kept."""
        kept = sum(len(one.targets) for one in self.kept)
        return kept / self.targets if self.targets else None

    @property
    def validated(self) -> bool | None:
        """Whether everything that is kept was run and proved."""
        return all(one.proof.verdict is Verdict.PROVED for one in self.kept) if self.kept else None
