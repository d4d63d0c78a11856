"""Starts Quorum as an operator would, beside a GitHub of this machine; opens a pull request and watches."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
from rich.console import Console

from tests.demo.council import council
from tests.demo.show import Screen
from tests.demo.subject import Subject, SubjectError, local, the_sample
from tests.fakes.github import CheckRun, FakeGitHub, Pull
from tests.journeys.stack import ROOT, free_port

READY_TIMEOUT_S = 60.0
REVIEW_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 30.0
MODEL_VARIABLES = (
    "QUORUM_MODEL",
    "QUORUM_MODEL_BASE_URL",
    "QUORUM_MODEL_API_KEY_ENV",
    "QUORUM_MODEL_API_KEY",
)


class DemoError(Exception):
    """The demo could not be shown; the message says why."""


def main() -> int:
    """0 when a finished check run was shown, 1 when not, 2 for arguments that can't be used."""
    parser = argparse.ArgumentParser(
        prog="make demo", description="Reviews one pull request on this machine."
    )
    parser.add_argument("--repo", help="a local git repository; without it, a sample is built")
    parser.add_argument("--base", default="HEAD~1", help="what the change is compared with (default: HEAD~1)")
    parser.add_argument("--head", default="HEAD", help="the change (default: HEAD)")
    parser.add_argument("--picture", help="write what the terminal shows to this SVG file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quorum-demo-") as folder:
        try:
            subject = (
                local(arguments.repo, arguments.base, arguments.head)
                if arguments.repo
                else the_sample(Path(folder))
            )
            screen = Screen(Console(width=_width(), record=bool(arguments.picture)))
            asyncio.run(demo(subject, Path(folder), screen))
            if arguments.picture:
                screen.picture(Path(arguments.picture))
        except SubjectError as error:
            print(f"demo: {error}", file=sys.stderr)
            return 2
        except DemoError as error:
            print("\n".join(screen.tail), f"demo: {error}", sep="\n", file=sys.stderr)
            return 1
    return 0


async def demo(subject: Subject, folder: Path, screen: Screen) -> None:
    """One pull request, from the webhook to what was posted."""
    async with FakeGitHub.serve() as github, _model(subject, folder, screen) as model:
        port = free_port()
        github.webhook_target = f"http://127.0.0.1:{port}/webhook"
        github.on_event(screen.happening)
        environment = _environment(github, port, folder, model)
        async with _quorum(environment, screen) as process:
            await _ready(f"http://127.0.0.1:{port}/readyz", process)
            pull = _open(github, subject, screen)
            run = await _finished(github, pull, process)
            _show(github, pull, run, screen)
    screen.title("done")
    screen.step("everything was stopped; nothing is left behind")


@contextlib.asynccontextmanager
async def _model(subject: Subject, folder: Path, screen: Screen) -> AsyncIterator[Mapping[str, str]]:
    """Settings of the models: the person's own, scripted ones for the sample, or none."""
    own = {name: os.environ[name] for name in MODEL_VARIABLES if name in os.environ}
    if "QUORUM_MODEL" in own:
        screen.step(f"model: {own['QUORUM_MODEL']} (from your environment)")
        yield own
    elif subject.is_sample:
        async with council(folder) as settings:
            screen.step(
                "models: three scripted stand-ins that speak the wire formats of OpenAI, Anthropic and Google; "
                "set QUORUM_MODEL for a real one"
            )
            yield settings
    else:
        screen.step(
            "model: none, so the review is static; set QUORUM_MODEL and QUORUM_MODEL_BASE_URL for one"
        )
        yield {}


def _environment(github: FakeGitHub, port: int, folder: Path, model: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        **model,
        "PYTHONUNBUFFERED": "1",
        "QUORUM_APP_ID": str(github.app.app_id),
        "QUORUM_CLIENT_ID": github.app.client_id,
        "QUORUM_PRIVATE_KEY": github.app.private_key,
        "QUORUM_WEBHOOK_SECRET": github.app.webhook_secret,
        "QUORUM_GITHUB_API_URL": github.url,
        "QUORUM_PORT": str(port),
        "QUORUM_DATA_DIR": str(folder / "data"),
    }


@contextlib.asynccontextmanager
async def _quorum(
    environment: Mapping[str, str], screen: Screen
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`quorum serve`, with its log on the screen; stopped as an operator stops it."""
    screen.step("quorum serve: receiver, worker, embedded Valkey, SQLite")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve",
        cwd=ROOT, env=dict(environment), stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    reading = asyncio.create_task(_follow(process, screen))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
        if process.returncode is None:
            process.kill()
        await reading


async def _follow(process: asyncio.subprocess.Process, screen: Screen) -> None:
    assert process.stderr is not None
    async for line in process.stderr:
        screen.log_line(line.decode("utf-8", "replace"))


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(READY_TIMEOUT_S), httpx.AsyncClient(trust_env=False) as client:
            while True:
                _alive(process)
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(url)).status_code == 200:
                        return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise DemoError(f"the receiver was not ready within {READY_TIMEOUT_S:.0f} s") from None


def _open(github: FakeGitHub, subject: Subject, screen: Screen) -> Pull:
    repository = github.add_repository("octo", subject.name, subject.path)
    screen.step(f"a pull request is opened: {subject.base[:7]}...{subject.head[:7]} {subject.title}", "bold")
    return github.open_pull(
        repository, head=subject.head, base=subject.base, title=subject.title, body=subject.body
    )


async def _finished(github: FakeGitHub, pull: Pull, process: asyncio.subprocess.Process) -> CheckRun:
    try:
        async with asyncio.timeout(REVIEW_TIMEOUT_S):
            while True:
                _alive(process)
                _accepted(github)
                for run in github.check_runs(pull.head_sha):
                    if run.status == "completed":
                        return run
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise DemoError(f"no finished check run within {REVIEW_TIMEOUT_S:.0f} s") from None


def _accepted(github: FakeGitHub) -> None:
    refused = [one for one in github.deliveries if one.status_code >= 300]
    if refused:
        raise DemoError(f"the receiver answered {refused[0].status_code} to {refused[0].event}")


def _alive(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        raise DemoError(f"`quorum serve` ended with {process.returncode}")


def _show(github: FakeGitHub, pull: Pull, run: CheckRun, screen: Screen) -> None:
    screen.review(github.reviews(pull), github.review_comments(pull))
    screen.summary(github.issue_comments(pull))
    screen.check(run)
    if run.conclusion not in {"success", "neutral", "failure", "action_required"}:
        raise DemoError(f"the check run ended as {run.conclusion}")


def _width() -> int | None:
    return None if sys.stdout.isatty() else 110


if __name__ == "__main__":
    sys.exit(main())
