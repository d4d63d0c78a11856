"""A repository's language and tone, told to models as data that has no say in anything else."""

from __future__ import annotations

from config.repository import RepositoryConfig
from workers.analysis.redaction import make_safe
from workers.domain.voice import Voice
from workers.experts.questions import as_data
from workers.llm.prompts import load


def voice_of(config: RepositoryConfig) -> Voice:
    """The voice that a repository's configuration asks for."""
    return Voice(config.language, config.tone)


def voice(config: RepositoryConfig, boundary: str) -> str:
    """`told` of what `config` asks for, for those who have the configuration at hand."""
    return told(voice_of(config), boundary)


def told(voice: Voice, boundary: str) -> str:
    """What is put at the end of all that a model is shown; "" for the usual voice. Secrets are out of it."""
    if not voice.wishes():
        return ""
    safe = make_safe([voice.wishes()], []).prose[0]
    return f"\n\n{load('voice.told').fill(boundary=boundary, wishes=as_data(safe, boundary))}"


def versions(voice: Voice) -> tuple[str, ...]:
    """The version of the text that tells it; none when nothing is told."""
    return (load("voice.told").version,) if voice.wishes() else ()
