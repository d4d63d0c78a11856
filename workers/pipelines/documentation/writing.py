"""Second and third step: the texts of one page, and what of them stands up to the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from workers.analysis.pages.mentions import vocabulary
from workers.analysis.pages.topics import Topic
from workers.analysis.structure.model import Module
from workers.pipelines.documentation.answers import OVERVIEW, Judgement
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.documentation.objecting import Fits, Objecting, besides
from workers.pipelines.documentation.questions import Questions, Shown
from workers.pipelines.documentation.values import Source

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

    A text that names what the module doesn't have counts for nothing, and so does one with a word that the repository
    forbids: their writer is told once, and what is still wrong then is left out, which is said.
    """
    module = source.module
    fits = Fits(module, vocabulary(module, source.text), questions.request.rules)
    overview, writer, texts, more = "", "", dict[str, str](), dict[str, str]()
    doubts: list[str] = []
    for number, (topics, shown) in enumerate(parts):
        headings = questions.request.headings if number == 0 else ()
        check = Objecting([topic.heading for topic in topics], headings, fits)
        answer = await asking.answer(questions.write(shown, focus, check, headings), (module.path,))
        if answer is None:
            continue
        draft, writer = answer.value, answer.model
        said = {one.name: one.text for one in draft.sections if fits(one.text)}
        texts |= {topic.id: said[topic.heading] for topic in topics if said.get(topic.heading, "").strip()}
        more |= {one.name: one.text for one in besides(draft) if one.name in headings and fits(one.text)}
        doubts += check.left_out(draft)
        if number == 0 and fits(draft.overview):
            overview = draft.overview
    if not overview and not texts and not more:
        return Texts()
    written = Texts(overview, texts, doubts=tuple(doubts), writer=writer, more=more)
    return await _validated(module, written, parts, asking, questions)


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
        (*written.doubts, *(f"Taken back: {name}. {why}".strip() for name, why in wrong.items())),
        written.writer,
        {name: text for name, text in written.more.items() if name not in wrong},
    )
