"""What commands there are, who may give them in this repository, and which are not there yet."""

from __future__ import annotations

from config.commands import COMMANDS, PREFIX, CommandSpec
from config.pending import PENDING
from config.repository import RepositoryConfig
from workers.github.fences import code_span
from workers.github.render.blocks import cell, paragraphs, table


def help_text(config: RepositoryConfig, only: str = "") -> str:
    """All commands as a table, or one of them in words; an unknown name gets the table. Holds nobody else's text."""
    if spec := COMMANDS.get(only):
        return _one(spec, config)
    rows = ([cell(text) for text in _columns(spec, config)] for spec in COMMANDS.values())
    return paragraphs(table(["Command", "What it does", "Needs"], rows), _how(config))


def not_there_yet(spec: CommandSpec) -> str:
    """ "Not there yet: audits.", or "" for a command that works."""
    return f"Not there yet: {PENDING[spec.pending]}." if spec.pending else ""


def _columns(spec: CommandSpec, config: RepositoryConfig) -> tuple[str, str, str]:
    pending = f" *{missing}*" if (missing := not_there_yet(spec)) else ""
    return code_span(spec.usage), spec.summary + pending, config.commands.needed(spec.name)


def _one(spec: CommandSpec, config: RepositoryConfig) -> str:
    needs = f"It needs the permission `{config.commands.needed(spec.name)}` in this repository."
    return paragraphs(f"{code_span(spec.usage)}: {spec.summary}", f"{needs} {not_there_yet(spec)}".rstrip())


def _how(config: RepositoryConfig) -> str:
    bare = f" `{PREFIX}` may be left out: `/review`." if config.commands.bare else ""
    return f"Write a command as the first line of a comment.{bare}"
