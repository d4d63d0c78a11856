"""Models and providers by the names that people give them: `claude-sonnet-4-5` and `Claude-Sonnet-4.5` are one."""

from __future__ import annotations

import re

from config.catalogue import Catalogue, ModelSpec, ProviderSpec
from config.explain import nearest

_APART = re.compile(r"[\s._:-]+")
_ALSO_CALLED = {
    "google-ai-studio": "google",
    "gemini": "google",
    "hugging-face": "huggingface",
    "dashscope": "qwen",
}


def find_model(catalogue: Catalogue, word: str) -> ModelSpec | None:
    """The model of this name or, where that leaves one only, of this name or id written a little differently."""
    if found := catalogue.models.get(word):
        return found
    wanted = _plain(word)
    by_name = [one for one in catalogue.models.values() if _plain(one.name) == wanted]
    by_id = [one for one in catalogue.models.values() if _plain(one.remote_id) == wanted]
    found_alike = by_name or by_id
    return found_alike[0] if len(found_alike) == 1 else None


def find_provider(catalogue: Catalogue, word: str) -> ProviderSpec | None:
    """The provider of this name, or of another one that it is known by."""
    if found := catalogue.providers.get(word):
        return found
    plain = _plain(word)
    return catalogue.providers.get(_ALSO_CALLED.get(plain, plain))


def did_you_mean(catalogue: Catalogue, word: str) -> str:
    """A sentence with the nearest name, or ""."""
    return nearest(word, list(catalogue.models))


def _plain(name: str) -> str:
    return _APART.sub("-", name.strip().lower())
