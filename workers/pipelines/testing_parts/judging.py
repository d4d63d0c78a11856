"""Whether a written test file may be kept: looked at first, and run only when there is nothing to object to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.rules.writing import TextRules
from workers.analysis.house import plain
from workers.analysis.house.jailed import patterns
from workers.analysis.quoting import unfenced
from workers.analysis.redaction import strip_invisible
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.symbols import Symbol
from workers.analysis.testing.arena import Arena, Ground
from workers.analysis.testing.facts import Facts
from workers.analysis.testing.imports_known import Known
from workers.analysis.testing.jailed import facts_of, mutants_of
from workers.analysis.testing.objections import Expected, mentioned, objections
from workers.analysis.testing.protocol import MutantsWanted
from workers.analysis.testing.proving import Proof, Trial, Verdict, prove
from workers.analysis.testing.toolchains.port import Toolchain
from workers.analysis.testing.toolchains.registry import Toolchains
from workers.domain.secrets import redact
from workers.pipelines.testing_parts.values import Subject, TestsLimits

PLAIN = (plain.length, plain.sections, plain.words)
PLACEHOLDER = "«secret:"
LATE = "the time for running tests was used up by those before it"
UNREAD = "The parser gave no answer about it."


@dataclass(frozen=True, slots=True)
class Judgement:
    """`proof` is None where `wrong` says why the file was not run; `targets` are those that it names."""

    text: str
    targets: tuple[Symbol, ...] = ()
    wrong: tuple[str, ...] = ()
    proof: Proof | None = None

    @property
    def is_kept(self) -> bool:
        """Whether it may be delivered."""
        return self.proof is not None and self.proof.verdict in (Verdict.PROVED, Verdict.NOT_EXECUTED)

    @property
    def may_be_mended(self) -> bool:
        """Whether telling its writer could help: not where luck decides, or where nothing could be broken."""
        if self.proof is None:
            return True
        idle = self.proof.verdict is Verdict.IDLE and bool(self.proof.survived)
        return idle or self.proof.verdict is Verdict.RED


@dataclass(slots=True)
class Judge:
    """Judges the files of one run. `ground` is a sentence where nothing may be run; `seed` chooses the mistakes; `rules`
    are the repository's own; `used_s` is what runs have taken so far, `arenas` those that were opened, by toolchain.
    """

    sandbox: Sandbox
    files: Mapping[str, str]
    ground: Ground | str
    toolchains: Toolchains
    limits: TestsLimits
    seed: int
    rules: TextRules = field(default_factory=TextRules)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    used_s: float = 0.0
    arenas: dict[str, Arena | str] = field(default_factory=dict)

    async def judge(self, answer: str, subject: Subject) -> Judgement:
        """What `answer` is worth as the test file of `subject`."""
        text = tidy(answer)
        if wrong := (*_unfit(text), *await self._unruly(text)):
            return Judgement(text, wrong=wrong)
        facts = await facts_of(text, str(subject.source.language), self.sandbox, JailLimits())
        if facts is None:
            return Judgement(text, wrong=(UNREAD,))
        if wrong := await asyncio.to_thread(self._objections, facts, subject):
            return Judgement(text, wrong=wrong)
        named = frozenset(mentioned(facts, subject.names))
        targets = tuple(one for one in subject.targets if one.name in named)
        return Judgement(text, targets, proof=await self._proof(text, subject, targets))

    async def _unruly(self, text: str) -> tuple[str, ...]:
        """What breaks the repository's own rules."""
        (found,) = await patterns([text], self.rules, sandbox=self.sandbox)
        return (*(why for check in PLAIN for why in check(text, self.rules)), *found)

    def _objections(self, facts: Facts, subject: Subject) -> tuple[str, ...]:
        framework = subject.habits.framework
        expected = Expected(subject.test, subject.family, framework, subject.names)
        return objections(facts, expected, Known(self.files, subject.family, framework))

    async def _proof(self, text: str, subject: Subject, targets: tuple[Symbol, ...]) -> Proof:
        toolchain = self.toolchains.of(subject.habits.framework, subject.path)
        if isinstance(toolchain, str):
            return Proof(Verdict.NOT_EXECUTED, toolchain)
        lines = tuple(sorted({line for one in targets for line in range(one.start, one.end + 1)}))
        wanted = MutantsWanted(str(subject.source.language), lines, self.seed, self.limits.mutants_max)
        original = subject.source.text
        mutants = await mutants_of(original, wanted, self.sandbox, JailLimits())
        paths = tuple(dict.fromkeys((subject.imported.base, "")))
        trial = Trial(subject.test, text, subject.path, original, mutants, paths)
        async with self.turn:  # one at a time: the arena's files are changed between runs
            if self.used_s > self.limits.run_total_max_s:
                return Proof(Verdict.NOT_EXECUTED, LATE)
            arena = await self._arena(toolchain)
            if isinstance(arena, str):
                return Proof(Verdict.NOT_EXECUTED, arena)
            proof = await prove(trial, arena)
            self.used_s += proof.seconds
            return proof

    async def _arena(self, toolchain: Toolchain) -> Arena | str:
        """Where it runs tests, opened once."""
        if isinstance(self.ground, str):
            return self.ground
        if toolchain.name not in self.arenas:
            self.arenas[toolchain.name] = await self.ground.arena(toolchain)
        return self.arenas[toolchain.name]


def tidy(answer: str) -> str:
    """Without a fence around it, with "\\n" at every line's end."""
    lines = answer.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    return "\n".join(line.rstrip() if not line.strip() else line for line in unfenced(lines)).rstrip() + "\n"


def _unfit(text: str) -> Iterator[str]:
    """What may stand in no file of ours, whatever it tests."""
    if PLACEHOLDER in text:
        yield "It holds the placeholder of a secret: what was removed can't be tested."
    if redact(text).count:
        yield "It holds what looks like a credential: write something that can't be taken for one."
    if strip_invisible(text).invisible:
        yield "It holds invisible characters: write them as escapes."
