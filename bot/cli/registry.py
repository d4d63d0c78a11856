"""Every command of `quorum`, one row each. A command's libraries are imported when it runs, never before."""

from __future__ import annotations

import argparse
import os

from bot.cli.arguments import Command, outcomes_arguments, review_arguments, review_options
from bot.cli.ask_arguments import ask_arguments
from bot.cli.audit_arguments import audit_arguments
from bot.cli.change_arguments import change_arguments, change_options
from bot.cli.config.arguments import config_arguments
from bot.cli.docs_arguments import docs_arguments
from bot.cli.doctor_arguments import doctor_arguments
from bot.cli.hook_arguments import hook_arguments
from bot.cli.models.arguments import models_arguments
from bot.cli.money_arguments import (
    estimate_arguments,
    recommend_arguments,
    report_arguments,
    spend_arguments,
)
from bot.cli.scan_arguments import scan_arguments
from bot.cli.tests_arguments import tests_arguments


def _review(parsed: argparse.Namespace) -> int:
    from bot.cli.review import run
    from config.settings import Settings

    return run(Settings.from_environ(), review_options(parsed))


def _ask(parsed: argparse.Namespace) -> int:
    from bot.cli.ask import options, run
    from config.settings import Settings

    return run(Settings.from_environ(), options(parsed))


def _describe(parsed: argparse.Namespace) -> int:
    from bot.cli.describe import run
    from config.settings import Settings

    return run(Settings.from_environ(), change_options(parsed))


def _improve(parsed: argparse.Namespace) -> int:
    from bot.cli.improve import run
    from config.settings import Settings

    return run(Settings.from_environ(), change_options(parsed))


def _scan(parsed: argparse.Namespace) -> int:
    from bot.cli.scan import options, run
    from config.settings import Settings

    return run(Settings.from_environ(), options(parsed))


def _docs(parsed: argparse.Namespace) -> int:
    from bot.cli.docs import options, run
    from config.settings import Settings

    return run(Settings.from_environ(), options(parsed))


def _tests(parsed: argparse.Namespace) -> int:
    from bot.cli.tests import options, run
    from config.settings import Settings

    return run(Settings.from_environ(), options(parsed))


def _audit(parsed: argparse.Namespace) -> int:
    from bot.cli.audit import options, run
    from config.settings import Settings

    return run(Settings.from_environ(), options(parsed))


def _hook(parsed: argparse.Namespace) -> int:
    from bot.cli.hook import options_of, run

    if parsed.action == "install":
        return run(parsed)
    from bot.cli.hook_run import run as run_hook
    from config.settings import Settings

    return run_hook(Settings.from_environ(), options_of(parsed))


def _serve(_: argparse.Namespace) -> int:
    from bot.cli.sealing import seal

    seal(os.environ)
    from bot.cli.serve import run
    from config.settings import Settings

    return run(Settings.from_environ())


def _web(_: argparse.Namespace) -> int:
    from bot.cli.holding import as_web
    from bot.cli.sealing import seal
    from bot.cli.spare import spare_memory

    seal(os.environ)
    as_web(os.environ)
    spare_memory()
    from bot.cli.web import run
    from config.settings import Settings

    return run(Settings.from_environ())


def _worker(_: argparse.Namespace) -> int:
    from bot.cli.holding import as_worker
    from bot.cli.sealing import seal

    seal(os.environ)
    as_worker(os.environ)
    from bot.cli.worker import run
    from config.settings import Settings

    return run(Settings.from_environ())


def _broker(_: argparse.Namespace) -> int:
    from bot.cli.holding import as_broker
    from bot.cli.sealing import seal

    seal(os.environ)
    as_broker(os.environ)
    from bot.cli.broker import run
    from config.settings import Settings

    return run(Settings.from_environ())


def _migrate(_: argparse.Namespace) -> int:
    from bot.cli.migrate import run
    from config.settings import Settings

    return run(Settings.from_environ())


def _config(parsed: argparse.Namespace) -> int:
    from bot.cli.config.arguments import run_config

    return run_config(parsed)


def _models(parsed: argparse.Namespace) -> int:
    from bot.cli.models.arguments import run_models

    return run_models(parsed)


def _estimate(parsed: argparse.Namespace) -> int:
    from bot.cli.estimate import run
    from config.settings import Settings

    return run(Settings.from_environ(), parsed)


def _recommend(parsed: argparse.Namespace) -> int:
    from bot.cli.recommend import run
    from config.settings import Settings

    return run(Settings.from_environ(), parsed)


def _spend(parsed: argparse.Namespace) -> int:
    from bot.cli.spend import run
    from config.settings import Settings

    return run(Settings.from_environ(), parsed)


def _report(parsed: argparse.Namespace) -> int:
    from bot.cli.report import run
    from config.settings import Settings

    return run(Settings.from_environ(), parsed)


def _outcomes(parsed: argparse.Namespace) -> int:
    from bot.cli.outcomes import run
    from config.settings import Settings

    return run(Settings.from_environ(), parsed)


def _doctor(parsed: argparse.Namespace) -> int:
    from bot.cli.doctor import run

    return run(parsed)


def _version(_: argparse.Namespace) -> int:
    from bot.cli.version import run

    return run()


COMMANDS = {
    "review": Command("Review a change of a local repository", _review, review_arguments),
    "ask": Command("Ask a model about a change of a local repository", _ask, ask_arguments),
    "describe": Command("Tell what a change of a local repository does", _describe, change_arguments),
    "improve": Command("Suggest improvements of a change of a local repository", _improve, change_arguments),
    "scan": Command("Run the analysers on a whole folder; no model is asked", _scan, scan_arguments),
    "audit": Command("Score a whole repository, and have it judged", _audit, audit_arguments),
    "docs": Command("Write documentation pages about local modules", _docs, docs_arguments),
    "tests": Command("Write tests for local modules, and prove them", _tests, tests_arguments),
    "hook": Command("Check commits before they are made: a git hook", _hook, hook_arguments),
    "config": Command("Write, check, show and import configuration", _config, config_arguments),
    "models": Command("List the models that may be asked, and show one", _models, models_arguments),
    "estimate": Command("Estimate what work will cost", _estimate, estimate_arguments),
    "recommend": Command("Say which model a task would go to, and why", _recommend, recommend_arguments),
    "spend": Command("Show what a month has cost", _spend, spend_arguments),
    "report": Command("Show what was saved, at which quality", _report, report_arguments),
    "outcomes": Command("Show what people made of findings", _outcomes, outcomes_arguments),
    "serve": Command("Run everything on this machine: database, queue, web, worker", _serve),
    "web": Command("Receive webhooks", _web),
    "worker": Command("Do the work that webhooks ask for", _worker),
    "broker": Command("Hold the App's private key, in the workers' place", _broker),
    "doctor": Command("Say what keeps this installation from working", _doctor, doctor_arguments),
    "migrate": Command("Bring the database's tables up to date", _migrate),
    "version": Command("Print the version", _version),
}
