"""What nearly every process of Quorum imports, for tests/warm.py: imported once, then shared by all that are forked."""

from __future__ import annotations

import gc
from importlib import import_module

from bot.cli.registry import COMMANDS
from workers.llm.providers.loading import LIBRARIES

# Of commands whose modules have another name, or that load more when they run.
BESIDES = (
    *("bot.__main__", "bot.cli.config.arguments", "bot.cli.models.arguments", "bot.cli.hook_run"),
    *("bot.cli.holding", "bot.cli.operating", "bot.cli.sealing", "bot.cli.spare", "workers.queue"),
    *LIBRARIES,
    *("workers.llm.prober", "workers.llm.providers.openai", "workers.llm.providers.registry"),
)

for _command in COMMANDS:
    if _command != "config" and _command != "models":
        import_module(f"bot.cli.{_command}")
for _name in BESIDES:
    import_module(_name)
gc.collect()
gc.freeze()  # a child's collections must not copy what it shares
