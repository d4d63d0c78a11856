"""`quorum`: parse the command line, run one command, turn every expected fault into one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from bot.cli.arguments import parse
from bot.cli.registry import COMMANDS
from config.errors import ConfigError
from workers.domain.errors import TransientError, UserError

EXIT_USAGE = 2
EXIT_TRY_AGAIN = 3
EXIT_INTERRUPTED = 130
EXIT_UNHEARD = 141
"""As of a process that SIGPIPE ended."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `quorum …`; the exit code.

    0: fine. 1: `review --fail-on` found something. 2: the command, the settings or the input can't be used.
    3: something that is needed could not be reached; it may pass. 141: nobody reads what it prints any more.
    """
    options = parse(COMMANDS, argv)
    return guarded(lambda: _heard(COMMANDS[options.command].run(options)), sys.stderr)


def guarded(run: Callable[[], int], errors: TextIO) -> int:
    """What `run` returns, or the exit code of an expected fault, told on `errors` without a traceback."""
    try:
        return run()
    except ConfigError as error:
        for problem in error.problems:
            print(f"quorum: {error.origin}: {problem}", file=errors)
        return EXIT_USAGE
    except UserError as error:
        print(f"quorum: {error}", file=errors)
        return EXIT_USAGE
    except TransientError as error:
        print(f"quorum: {error} Try again.", file=errors)
        return EXIT_TRY_AGAIN
    except BrokenPipeError:  # e.g. `quorum doctor | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is written at the exit
        return EXIT_UNHEARD
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _heard(code: int) -> int:
    """`code`, once everything is written that was printed: a reader may have left meanwhile."""
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
