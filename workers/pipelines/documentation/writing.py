"""Second and third step: the texts of one page, and what of them stands up to the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from workers.analysis.house import plain
from workers.analysis.pages.mentions import unknown, vocabulary
from workers.analysis.pages.topics import Topic
from workers.analysis.structure.model import Module
from workers.pipelines.documentation.answers import OVERVIEW, Draft, Fuller, Judgement, Written
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.documentation.questions import Questions, Shown
from workers.pipelines.documentation.values import DocsRequest, Source

NAMED_MAX = 10
Part = tuple[Sequence[Topic], Shown]
"""Topics that are asked about together, and what is shown of them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What was written and stood up: `texts` by a topic's id, `more` by the headings that the repository's rules want.
    `doubts` are sentences about what did not.

    `score` is the validator's, None without one; `writer` the model that wrote.
    """

    overview: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    score: float | None = None
    doubts: tuple[str, ...] = ()
    writer: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def model_wrote(self) -> bool:
        """Whether any of it is there."""
        return bool(self.overview or self.texts or self.more)


async def write(
    source: Source, parts: Sequence[Part], focus: str, asking: Asking, questions: Questions
) -> Texts:
    """Ask about each part of a module's topics, one after the other; then have what was written checked.

    A text that names what the module doesn't have counts for nothing, whoever let it through; so does one with a word
    that the repository forbids.
    """
    module = source.module
    fits = _Fits(module, vocabulary(module, source.text), questions.request)
    overview, writer, texts, more = "", "", dict[str, str](), dict[str, str]()
    for number, (topics, shown) in enumerate(parts):
        headings = questions.request.headings if number == 0 else ()
        check = partial(_wrong, topics=topics, headings=headings, fits=fits)
        answer = await asking.answer(questions.write(shown, focus, check, headings), (module.path,))
        if answer is None:
            continue
        draft, writer = answer.value, answer.model
        said = {one.name: one.text for one in draft.sections if fits(one.text)}
        texts |= {topic.id: said[topic.heading] for topic in topics if said.get(topic.heading, "").strip()}
        more |= {one.name: one.text for one in _more(draft) if one.name in headings and fits(one.text)}
        if number == 0 and fits(draft.overview):
            overview = draft.overview
    if not overview and not texts and not more:
        return Texts()
    written = Texts(overview, texts, writer=writer, more=more)
    return await _validated(module, written, parts, asking, questions)


@dataclass(frozen=True, slots=True)
class _Fits:
    """Whether a text may stand on the page of a module whose words are `words`; what is wrong with it."""

    module: Module
    words: frozenset[str]
    request: DocsRequest

    def __call__(self, text: str) -> bool:
        return not self.invented(text) and not self.forbidden(text)

    def invented(self, text: str) -> Sequence[str]:
        """Symbols that it names and that are not there."""
        return unknown(text, self.module, self.words)

    def forbidden(self, text: str) -> Sequence[str]:
        """Sentences about words that the repository does not want."""
        return tuple(plain.words(text, self.request.rules))


def _more(draft: Draft) -> Sequence[Written]:
    return draft.more if isinstance(draft, Fuller) else ()


def _wrong(draft: Draft, topics: Sequence[Topic], headings: Sequence[str], fits: _Fits) -> str | None:
    """What a model is to mend: symbols that it forgot or made up, texts without a word, words that nobody wants."""
    wanted, said = [topic.heading for topic in topics], {one.name: one.text for one in draft.sections}
    more = {one.name: one.text for one in _more(draft)}
    missing = [name for name in wanted if not said.get(name, "").strip()]
    missing += [name for name in headings if not more.get(name, "").strip()]
    strange = [name for name in said if name not in wanted]
    prose = "\n".join([draft.overview, *said.values(), *more.values()])
    invented = fits.invented(prose)
    problems = [
        f"There is no text for: {', '.join(missing[:NAMED_MAX])}." if missing else "",
        f"These are not among the symbols: {', '.join(strange[:NAMED_MAX])}." if strange else "",
        f"The module has no: {', '.join(invented[:NAMED_MAX])}." if invented else "",
        "" if draft.overview.strip() else "The overview is empty.",
        *fits.forbidden(prose),
    ]
    return " ".join(filter(None, problems)) or None


async def _validated(
    module: Module,
    written: Texts,
    parts: Sequence[Part],
    asking: Asking,
    questions: Questions,
) -> Texts:
    """`written` without what contradicts the source, by the judgement on each part."""
    scores, wrong = list[float](), dict[str, str]()
    for number, (topics, shown) in enumerate(parts):
        texts = {topic.heading: written.texts[topic.id] for topic in topics if topic.id in written.texts}
        if number == 0:
            first = {OVERVIEW: written.overview} if written.overview else {}
            texts = {**first, **written.more, **texts}
        judgement = await _judged(texts, module, shown, asking, questions) if texts else None
        if judgement is not None:
            scores.append(judgement.score)
            wrong |= {one.name: one.why for one in judgement.wrong if one.name in texts}
    return _without(written, wrong, parts, sum(scores) / len(scores) if scores else None, questions)


async def _judged(
    texts: Mapping[str, str], module: Module, shown: Shown, asking: Asking, questions: Questions
) -> Judgement | None:
    page = "\n\n".join(f"{name}:\n{text}" for name, text in texts.items())
    task = questions.validate(shown, page, partial(_misnamed, names=frozenset(texts)))
    answer = await asking.answer(task, (module.path,))
    return answer.value if answer is not None else None


def _misnamed(judgement: Judgement, names: frozenset[str]) -> str | None:
    strange = [one.name for one in judgement.wrong if one.name not in names]
    return f"The page has no part called: {', '.join(strange[:NAMED_MAX])}." if strange else None


def _without(
    written: Texts,
    wrong: Mapping[str, str],
    parts: Sequence[Part],
    score: float | None,
    questions: Questions,
) -> Texts:
    if score is not None and score < questions.limits.score_min:
        return Texts(score=score, doubts=(f"Taken back whole: it was worth {score:.2f} of 1.",))
    taken_back = {topic.id for topics, _ in parts for topic in topics if topic.heading in wrong}
    return Texts(
        "" if OVERVIEW in wrong else written.overview,
        {key: text for key, text in written.texts.items() if key not in taken_back},
        score,
        tuple(f"Taken back: {name}. {why}".strip() for name, why in wrong.items()),
        written.writer,
        {name: text for name, text in written.more.items() if name not in wrong},
    )
