"""Which job does the work of which pipeline."""

from __future__ import annotations

from collections.abc import Mapping

from workers.analysis.diff import parse_patch
from workers.bootstrap import Services
from workers.jobs.review import ReviewJob
from workers.jobs.runner import Job


def jobs(services: Services) -> Mapping[str, Job]:
    """Pipeline → job; a row for each pipeline that handlers and commands may want."""
    return {
        "review": ReviewJob(
            services.clients,
            services.ledger,
            services.leftovers,
            services.reviewer,
            services.settings,
            services.secrets,
            parse_patch,
            services.now,
        ),
    }
