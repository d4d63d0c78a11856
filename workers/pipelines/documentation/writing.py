"""Second and third step: the texts of one page, and what of them stands up to the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from workers.analysis.pages.mentions import unknown, vocabulary
from workers.analysis.pages.topics import Topic
from workers.analysis.structure.model import Module
from workers.pipelines.documentation.answers import OVERVIEW, Draft, Judgement
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.documentation.questions import Questions, Shown
from workers.pipelines.documentation.values import Source

NAMED_MAX = 10
Part = tuple[Sequence[Topic], Shown]
"""Topics that are asked about together, and what is shown of them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What was written and stood up: `texts` by a topic's id. `doubts` are sentences about what did not.

    `score` is the validator's, None without one; `writer` the model that wrote.
    """

    overview: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    score: float | None = None
    doubts: tuple[str, ...] = ()
    writer: str = ""

    @property
    def model_wrote(self) -> bool:
        """Whether any of it is there."""
        return bool(self.overview or self.texts)


async def write(
    source: Source, parts: Sequence[Part], focus: str, asking: Asking, questions: Questions
) -> Texts:
    """Ask about each part of a module's topics, one after the other; then have what was written checked.

    A text that names what the module doesn't have counts for nothing, whoever let it through.
    """
    module, words = source.module, vocabulary(source.module, source.text)
    overview, writer, texts = "", "", dict[str, str]()
    for number, (topics, shown) in enumerate(parts):
        check = partial(_wrong, topics=topics, module=module, words=words)
        answer = await asking.answer(questions.write(shown, focus, check), (module.path,))
        if answer is None:
            continue
        draft, writer = answer.value, answer.model
        said = {one.name: one.text for one in draft.sections if not unknown(one.text, module, words)}
        texts |= {topic.id: said[topic.heading] for topic in topics if said.get(topic.heading, "").strip()}
        if number == 0 and not unknown(draft.overview, module, words):
            overview = draft.overview
    if not overview and not texts:
        return Texts()
    return await _validated(module, Texts(overview, texts, writer=writer), parts, asking, questions)


def _wrong(draft: Draft, topics: Sequence[Topic], module: Module, words: frozenset[str]) -> str | None:
    """What a model is to mend: symbols that it forgot or made up, texts without a word."""
    wanted, said = [topic.heading for topic in topics], {one.name: one.text for one in draft.sections}
    missing = [name for name in wanted if not said.get(name, "").strip()]
    strange = [name for name in said if name not in wanted]
    prose = "\n".join([draft.overview, *said.values()])
    invented = unknown(prose, module, words)
    problems = [
        f"There is no text for: {', '.join(missing[:NAMED_MAX])}." if missing else "",
        f"These are not among the symbols: {', '.join(strange[:NAMED_MAX])}." if strange else "",
        f"The module has no: {', '.join(invented[:NAMED_MAX])}." if invented else "",
        "" if draft.overview.strip() else "The overview is empty.",
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
        if number == 0 and written.overview:
            texts = {OVERVIEW: written.overview, **texts}
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
    )
