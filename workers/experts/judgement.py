"""From what tools saw to findings: texts added, duplicates between tools merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.analysis.source import Observation
from workers.analysis.tools.rules.loading import Text, texts
from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.experts.base import View

CERTAINTY = {"ruff": 0.8, "ast-grep": 0.8, "detect-secrets": 0.7, "lizard": 0.9}


def judged(aspect: Aspect, observations: Iterable[Observation], view: View) -> tuple[Finding, ...]:
    """A finding for each observation whose rule has a text of `aspect`; one where two tools saw the same."""
    groups: list[list[tuple[Observation, Text]]] = []
    for observation in observations:
        text = texts().get(observation.rule)
        if text is None or text.aspect != aspect:
            continue
        fitting = next((group for group in groups if _same(group[0], (observation, text))), None)
        if fitting is None:
            groups.append([(observation, text)])
        else:
            fitting.append((observation, text))
    return tuple(_finding(aspect, group, view) for group in groups)


def _same(one: tuple[Observation, Text], other: tuple[Observation, Text]) -> bool:
    """The same weakness (or, without one, the same words) on lines that overlap."""
    (seen, text), (seen_too, text_too) = one, other
    return (
        seen.path == seen_too.path
        and (text.cwe or text.title) == (text_too.cwe or text_too.title)
        and seen.line <= seen_too.end_line
        and seen_too.line <= seen.end_line
    )


def _finding(aspect: Aspect, group: Sequence[tuple[Observation, Text]], view: View) -> Finding:
    observation, text = min(group, key=lambda pair: Severity(pair[1].severity).rank)
    tools = {seen.tool for seen, _ in group}
    weakness = f" ({text.cwe})" if text.cwe else ""
    return Finding(
        aspect=aspect,
        severity=Severity(text.severity),
        rule=f"{observation.tool}/{observation.rule}",
        path=observation.path,
        title=text.title,
        description=f"{_what(observation)} {text.why}{weakness}",
        recommendation=text.fix,
        line=observation.line,
        evidence=view.quote(observation.path, observation.line),
        confidence=min(0.95, max(CERTAINTY.get(tool, 0.7) for tool in tools) + 0.1 * (len(tools) - 1)),
        sources=_sources(group),
        state=State.CONFIRMED if len(tools) > 1 else State.SINGLE,
    )


def _sources(group: Sequence[tuple[Observation, Text]]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(Source("tool", seen.tool, seen.rule) for seen, _ in group))


def _what(observation: Observation) -> str:
    """What stands there: ast-grep quotes the code, the others say a sentence."""
    message = observation.message.strip()
    if observation.tool == "ast-grep":
        return f"`{message}`." if "`" not in message else f"{message} —"
    return message if message.endswith((".", "!", "?")) else f"{message}."
