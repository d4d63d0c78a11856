"""Code without what only talks: comments and the insides of strings prove nothing about what a program does."""

from __future__ import annotations

import re

from workers.analysis.languages import Language, language_of

_SHORT = r'"(?:[^"\\\n]|\\.){0,400}+"|' + r"'(?:[^'\\\n]|\\.){0,400}+'"
# What nobody closes goes on to the end: that keeps the search linear.
_TRIPLE = r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|' + r"'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
_BLOCK = r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"
_TICKED = r"`(?:[^`\\]|\\.)*+(?:`|\Z)"
_MARKUP = r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)"

_PYTHON = re.compile(rf"{_TRIPLE}|{_SHORT}|#[^\n]*+", re.DOTALL)
_SHELL = re.compile(rf"{_SHORT}|(?<!\S)#[^\n]*+", re.DOTALL)
_SLASHES = re.compile(rf"{_TRIPLE}|{_SHORT}|{_TICKED}|{_BLOCK}|//[^\n]*+", re.DOTALL)
_PHP = re.compile(rf"{_SHORT}|{_BLOCK}|//[^\n]*+|#(?!\[)[^\n]*+", re.DOTALL)
_DASHES = re.compile(rf"{_SHORT}|--[^\n]*+", re.DOTALL)
_MARKED = re.compile(_MARKUP, re.DOTALL)
_STYLE = re.compile(_BLOCK, re.DOTALL)
_SETTINGS = re.compile(r"(?<!\S)#[^\n]*+")

_BY_LANGUAGE = {
    Language.PYTHON: _PYTHON,
    Language.BASH: _SHELL,
    Language.RUBY: _SHELL,
    Language.ELIXIR: _PYTHON,
    Language.NIX: _SHELL,
    Language.PHP: _PHP,
    Language.LUA: _DASHES,
    Language.HASKELL: _DASHES,
    Language.HTML: _MARKED,
    Language.MARKDOWN: _MARKED,
    Language.CSS: _STYLE,
    Language.JSON: _STYLE,
    Language.YAML: _SETTINGS,
    Language.HCL: _SETTINGS,
    None: _SETTINGS,
}
TELLS = frozenset({Language.CSS, Language.HTML, Language.JSON, Language.MARKDOWN, Language.YAML, None})
"""Files whose lines say something to people or to other programs, and do nothing by themselves."""


def substance(text: str, path: str) -> tuple[str, ...]:
    """The lines of `text` without comments and without what stands in strings: as many lines as there were."""
    pattern = _BY_LANGUAGE.get(language_of(path, text), _SLASHES)
    return tuple(pattern.sub(_emptied, text).split("\n"))


def acts(path: str, text: str) -> bool:
    """Whether a file is code, and no text or data."""
    return language_of(path, text) not in TELLS


def _emptied(found: re.Match[str]) -> str:
    breaks = "\n" * found[0].count("\n")
    return f'"{breaks}"' if found[0][0] in "\"'`" else breaks
