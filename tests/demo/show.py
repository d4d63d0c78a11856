"""What the demo prints: live progress, then what was posted."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

from tests.fakes.github import CheckRun, Happening

SAID = {
    "receiving": "receiver listens",
    "listening for kicks": "worker listens for kicks",
    "sandbox": "analysers run in: {isolation}",
    "job started": "worker claimed the work ({cause})",
    "review progress": "{step}",
    "model call": "model {model}: {outcome}, {input_tokens} tokens in, {output_tokens} out",
    "job done": "job done for {head_sha}",
}
LOUD = {"warning", "error"}
TAIL_LINES = 20
FONT = re.compile(
    r"@font-face \{.*?\}\s*", re.DOTALL
)  # fonts from elsewhere: a monospace of the reader's will do
HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)
TAG = re.compile(r"</?(?:sub|sup|details|summary)>")


class Screen:
    """Lines with the seconds since the start in front of them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)

    def step(self, text: str, style: str = "") -> None:
        """One line of progress."""
        seconds = time.monotonic() - self._started
        self._console.print(Text.assemble((f"{seconds:6.2f} s  ", "dim"), (text, style)))

    def log_line(self, line: str) -> None:
        """A line of a process's log: shown if people want to see it, kept for a while in any case."""
        self.tail.append(line.rstrip())
        try:
            event = json.loads(line)
        except ValueError:
            return
        template = SAID.get(event.get("event", ""))
        if template:
            self.step(template.format_map(_Lenient(event)))
        elif event.get("level") in LOUD:
            self.step(f"{event['event']} {event.get('error', '')}".strip(), "yellow")

    def happening(self, event: Happening) -> None:
        """Something changed at GitHub."""
        name = getattr(event.subject, "status", "") if event.kind.startswith("check_run") else ""
        self.step(f"GitHub: {event.kind} {name}".rstrip(), "green")

    def picture(self, path: Path) -> None:
        """Write everything so far as an SVG."""
        drawn = self._console.export_svg(title="make demo", unique_id="demo")
        path.write_text(FONT.sub("", drawn), encoding="utf-8")

    def title(self, text: str) -> None:
        """A section's title."""
        self._console.print()
        self._console.rule(f"[bold]{text}", align="left")

    def check(self, run: CheckRun) -> None:
        """The finished check run."""
        self.title("check run")
        self._console.print(f"[bold]{run.name}[/]: {run.status}, {run.conclusion}")
        self._console.print(Text(run.output.get("title") or "", style="bold"))
        self._console.print(f"[dim]{len(run.annotations)} annotations on blocking findings[/]")

    def review(self, reviews: Iterable[dict[str, Any]], comments: Iterable[dict[str, Any]]) -> None:
        """The review, and each comment at its line."""
        self.title("review")
        for review in reviews:
            self._console.print(Markdown(plain(review["body"])))
        for comment in comments:
            line = comment.get("line")
            where = f"{comment['path']}:{line}" if line else f"{comment['path']} (whole file)"
            self._console.print(Panel(body(comment["body"]), title=f"[bold]{where}", title_align="left"))

    def summary(self, comments: Iterable[dict[str, Any]]) -> None:
        """The sticky summary."""
        self.title("summary comment")
        for comment in comments:
            self._console.print(body(comment["body"]))


def body(text: str) -> Group:
    """Markdown with its folds shown as one line each, as a browser shows them closed."""
    folds = [f"▸ {TAG.sub('', title).strip()}" for title, _ in FOLD.findall(text)]
    return Group(Markdown(plain(FOLD.sub("", text))), Text("\n".join(folds), style="dim"))


def plain(text: str) -> str:
    """Markdown without what a browser doesn't show."""
    return TAG.sub("", HIDDEN.sub("", text)).strip()


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
