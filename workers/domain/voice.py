"""How people are spoken to."""

from __future__ import annotations

from dataclasses import dataclass

USUAL = "en"
"""The language of the prompts: nothing needs to be said for it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A BCP 47 tag, and wishes about the tone in the words of a repository's people."""

    language: str = USUAL
    tone: str = ""

    @property
    def is_english(self) -> bool:
        """Whether what it says can be judged by its words: the measures of words are English."""
        return self.language.lower().split("-")[0] == USUAL

    def wishes(self) -> str:
        """What is told of it, a line each; "" for the usual voice."""
        language = f"language: {self.language}" if self.language.lower() != USUAL else ""
        tone = f"tone: {self.tone.strip()}" if self.tone.strip() else ""
        return "\n".join(one for one in (language, tone) if one)
