"""What a writer is told about texts that may not stand on a page: once; what is still wrong then is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.rules.writing import TextRules
from workers.analysis.house import plain
from workers.analysis.pages.mentions import unknown
from workers.analysis.structure.model import Module
from workers.pipelines.documentation.answers import OVERVIEW, Draft, Fuller, Written

NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class Fits:
    """Whether a text may stand on the page of a module whose words are `words`; what is wrong with it."""

    module: Module
    words: frozenset[str]
    rules: TextRules

    def __call__(self, text: str) -> bool:
        """Whether nothing is."""
        return next(self.wrong(text), None) is None

    def wrong(self, text: str) -> Iterator[str]:
        """Sentences about symbols that are not there, and words that the repository does not want."""
        if invented := unknown(text, self.module, self.words):
            yield f"The module has no: {', '.join(invented[:NAMED_MAX])}."
        yield from plain.words(text, self.rules)


def besides(draft: Draft) -> Sequence[Written]:
    """The texts of sections that the repository wants besides."""
    return draft.more if isinstance(draft, Fuller) else ()


@dataclass(slots=True)
class Objecting:
    """The check of one question: `wanted` are the symbols, `headings` the sections besides. `told`: it has objected once,
    so that one symbol which a model can't get right does not cost all the others."""

    wanted: Sequence[str]
    headings: Sequence[str]
    fits: Fits
    told: bool = False

    def __call__(self, draft: Draft) -> str | None:
        """What its writer is to mend; None when it counts."""
        wrong = " ".join(filter(None, self._wrong(draft))) or None
        if wrong is None or (self.told and self._holds(draft)):
            return None
        self.told = True
        return wrong

    def left_out(self, draft: Draft) -> Iterator[str]:
        """Sentences about texts of it that do not count."""
        for name, text in self._texts(draft):
            if why := " ".join(self.fits.wrong(text)):
                yield f"Left out: {name}. {why}"

    def _texts(self, draft: Draft) -> Iterator[tuple[str, str]]:
        yield OVERVIEW, draft.overview
        yield from ((one.name, one.text) for one in draft.sections if one.name in self.wanted)
        yield from ((one.name, one.text) for one in besides(draft) if one.name in self.headings)

    def _holds(self, draft: Draft) -> bool:
        """Whether anything about a symbol is left of it."""
        return any(
            one.text.strip() and self.fits(one.text) for one in draft.sections if one.name in self.wanted
        )

    def _wrong(self, draft: Draft) -> Iterator[str]:
        said = {one.name: one.text for one in draft.sections}
        more = {one.name: one.text for one in besides(draft)}
        missing = [name for name in self.wanted if not said.get(name, "").strip()]
        missing += [name for name in self.headings if not more.get(name, "").strip()]
        strange = [name for name in said if name not in self.wanted]
        if missing:
            yield f"There is no text for: {', '.join(missing[:NAMED_MAX])}."
        if strange:
            yield f"These are not among the symbols: {', '.join(strange[:NAMED_MAX])}."
        yield from self.fits.wrong("\n".join([draft.overview, *said.values(), *more.values()]))
        if not draft.overview.strip():
            yield "The overview is empty."
